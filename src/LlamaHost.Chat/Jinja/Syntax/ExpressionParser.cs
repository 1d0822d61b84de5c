using System.Globalization;
using LlamaHost.Chat.Jinja.Syntax.Nodes;
using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Syntax;

/// <summary>Reads expressions down to unary operators; <see cref="PrimaryParser"/> reads the rest.</summary>
internal sealed class ExpressionParser
{
    private readonly TokenReader _tokens;
    private readonly PrimaryParser _primary;

    public ExpressionParser(TokenReader tokens)
    {
        _tokens = tokens;
        _primary = new PrimaryParser(tokens, this);
    }

    /// <summary>Which names are read while something is parsed, and what comes of it.</summary>
    public (T Result, IReadOnlySet<string> Names) WithNames<T>(Func<T> parse)
    {
        string[] before = [.. _primary.Names];
        _primary.Names.Clear();
        T result = parse();
        HashSet<string> names = [.. _primary.Names];
        _primary.Names.UnionWith(before);
        return (result, names);
    }

    public Expression ParseExpression(bool withCondition = true)
    {
        using TokenReader.Nesting nesting = _tokens.Nest();
        return withCondition ? ParseCondition() : ParseOr();
    }

    /// <summary>One expression, or several with commas between them.</summary>
    public Expression ParseTuple(bool withCondition = true, string? endName = null, bool isParenthesised = false)
    {
        List<Expression> items = [];
        bool isTuple = false;
        while (true)
        {
            if (items.Count > 0)
                _tokens.ExpectOperator(",");
            if (IsTupleEnd(endName))
                break;
            items.Add(ParseExpression(withCondition));
            if (!_tokens.Current.IsOperator(","))
                break;
            isTuple = true;
        }
        if (!isTuple && items.Count > 0)
            return items[0];
        if (items.Count == 0 && !isParenthesised)
            throw _tokens.Error($"Expected an expression, got '{_tokens.Current.Value}'");
        return new SequenceLiteral(SequenceKind.Tuple, items);
    }

    /// <summary>What a statement assigns to: a name, several, or a namespace's attribute.</summary>
    public Expression ParseTarget(string? endName, bool withNamespace = false)
    {
        if (withNamespace && _tokens.Following.IsOperator("."))
        {
            string space = _tokens.Expect(TokenKind.Name).Value;
            _tokens.Next();
            return new NamespaceTarget(space, _tokens.Expect(TokenKind.Name).Value);
        }
        List<Expression> names = [];
        bool isTuple = false;
        do
        {
            if (names.Count > 0 && (IsTupleEnd(endName) || _tokens.Current.IsOperator("=")))
                break;
            names.Add(ParseTargetPart());
            isTuple |= _tokens.Current.IsOperator(",");
        }
        while (_tokens.SkipOperator(","));
        return isTuple ? new SequenceLiteral(SequenceKind.Tuple, names) : names[0];
    }

    /// <summary>The filters after a value, or after nothing where a block is filtered.</summary>
    public Expression? ParseFilters(Expression? value, bool startsInline = false) => _primary.ParseFilters(value, startsInline);

    /// <summary>A primary expression with its signs, attributes, calls, filters and tests.</summary>
    public Expression ParseUnary(bool withFilter = true)
    {
        using TokenReader.Nesting nesting = _tokens.Nest();
        Expression node;
        if (_tokens.SkipOperator("-"))
            node = new Unary('-', ParseUnary(withFilter: false));
        else if (_tokens.SkipOperator("+"))
            node = new Unary('+', ParseUnary(withFilter: false));
        else
            node = _primary.ParsePrimary();
        node = _primary.ParsePostfix(node);
        return withFilter ? _primary.ParseFiltersAndTests(node) : node;
    }

    private Expression ParseTargetPart()
    {
        if (!_tokens.SkipOperator("("))
            return new Name(_tokens.Expect(TokenKind.Name).Value);
        Expression inner = ParseTarget(")");
        _tokens.ExpectOperator(")");
        return inner;
    }

    private bool IsTupleEnd(string? endName) =>
        _tokens.Current.Kind is TokenKind.VariableEnd or TokenKind.BlockEnd
        || _tokens.Current.IsOperator(")")
        || endName is not null && _tokens.Current.IsName(endName);

    private Expression ParseCondition()
    {
        Expression value = ParseOr();
        while (_tokens.SkipName("if"))
        {
            Expression test = ParseOr();
            Expression? otherwise = _tokens.SkipName("else") ? ParseExpression() : null;
            value = new Conditional(test, value, otherwise);
        }
        return value;
    }

    private Expression ParseOr()
    {
        Expression left = ParseAnd();
        while (_tokens.SkipName("or"))
            left = new Logical(left, ParseAnd(), isOr: true);
        return left;
    }

    private Expression ParseAnd()
    {
        Expression left = ParseNot();
        while (_tokens.SkipName("and"))
            left = new Logical(left, ParseNot(), isOr: false);
        return left;
    }

    private Expression ParseNot()
    {
        using TokenReader.Nesting nesting = _tokens.Nest();
        return _tokens.SkipName("not") ? new Not(ParseNot()) : ParseComparison();
    }

    private Expression ParseComparison()
    {
        Expression first = ParseSum();
        List<(string Operator, Expression Right)> rest = [];
        while (true)
        {
            Token token = _tokens.Current;
            if (token is { Kind: TokenKind.Operator, Value: "==" or "!=" or "<" or "<=" or ">" or ">=" } || token.IsName("in"))
            {
                _tokens.Next();
                rest.Add((token.Value, ParseSum()));
            }
            else if (token.IsName("not") && _tokens.Following.IsName("in"))
            {
                _tokens.Next();
                _tokens.Next();
                rest.Add(("not in", ParseSum()));
            }
            else
            {
                return rest.Count == 0 ? first : new Comparison(first, rest);
            }
        }
    }

    private Expression ParseSum()
    {
        Expression left = ParseConcatenation();
        while (_tokens.Current is { Kind: TokenKind.Operator, Value: "+" or "-" } token)
        {
            _tokens.Next();
            left = new Binary(token.Value, left, ParseConcatenation());
        }
        return left;
    }

    private Expression ParseConcatenation()
    {
        List<Expression> parts = [ParseProduct()];
        while (_tokens.SkipOperator("~"))
            parts.Add(ParseProduct());
        return parts.Count == 1 ? parts[0] : new Concatenation(parts);
    }

    private Expression ParseProduct()
    {
        Expression left = ParsePower();
        while (_tokens.Current is { Kind: TokenKind.Operator, Value: "*" or "/" or "//" or "%" } token)
        {
            _tokens.Next();
            left = new Binary(token.Value, left, ParsePower());
        }
        return left;
    }

    private Expression ParsePower()
    {
        Expression left = ParseUnary();
        while (_tokens.SkipOperator("**"))
            left = new Binary("**", left, ParseUnary());
        return left;
    }

    /// <summary>The value of a number as it is written.</summary>
    public static object ReadNumber(Token token)
    {
        string digits = token.Value.Replace("_", "", StringComparison.Ordinal);
        if (token.Kind == TokenKind.Float)
            return double.Parse(digits, CultureInfo.InvariantCulture);
        try
        {
            return digits.Length > 2 && char.IsLetter(digits[1])
                ? Convert.ToInt64(digits[2..], char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, _ => 2 })
                : long.Parse(digits, CultureInfo.InvariantCulture);
        }
        catch (OverflowException)
        {
            throw new ChatTemplateException($"{token.Value} is too large a number");
        }
    }
}
