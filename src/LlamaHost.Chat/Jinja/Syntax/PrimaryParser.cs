using LlamaHost.Chat.Jinja.Syntax.Nodes;
using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Syntax;

/// <summary>Reads literals and names, and what follows them: attributes, subscripts, calls, filters, tests.</summary>
internal sealed class PrimaryParser(TokenReader tokens, ExpressionParser expressions)
{
    /// <summary>The names that were read since the set was last emptied.</summary>
    public HashSet<string> Names { get; } = [];

    public Expression ParsePrimary()
    {
        Token token = tokens.Next();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return token.Value switch
                {
                    "true" or "True" => new Literal(true),
                    "false" or "False" => new Literal(false),
                    "none" or "None" => new Literal(null),
                    _ => ReadName(token.Value),
                };
            case TokenKind.Text:
                string text = token.Value;
                while (tokens.Current.Kind == TokenKind.Text)
                    text += tokens.Next().Value;
                return new Literal(Text.OfTemplate(text));
            case TokenKind.Integer or TokenKind.Float:
                return new Literal(ExpressionParser.ReadNumber(token));
            case TokenKind.Operator when token.Value == "(":
                Expression inner = expressions.ParseTuple(isParenthesised: true);
                tokens.ExpectOperator(")");
                return inner;
            case TokenKind.Operator when token.Value == "[":
                return new SequenceLiteral(SequenceKind.List, ParseList("]"));
            case TokenKind.Operator when token.Value == "{":
                return ParseDict();
            default:
                throw tokens.Error($"unexpected '{token.Value}'");
        }
    }

    public Expression ParsePostfix(Expression node)
    {
        while (true)
        {
            if (tokens.SkipOperator("."))
                node = ParseAttribute(node);
            else if (tokens.SkipOperator("["))
                node = ParseSubscript(node);
            else if (tokens.Current.IsOperator("("))
                node = new Call(node, ParseArguments());
            else
                return node;
        }
    }

    public Expression ParseFiltersAndTests(Expression node)
    {
        while (true)
        {
            if (tokens.Current.IsOperator("|"))
                node = ParseFilters(node, startsInline: false)!;
            else if (tokens.SkipName("is"))
                node = ParseTest(node);
            else if (tokens.Current.IsOperator("("))
                node = new Call(node, ParseArguments());
            else
                return node;
        }
    }

    public Expression? ParseFilters(Expression? node, bool startsInline)
    {
        while (startsInline || tokens.SkipOperator("|"))
        {
            startsInline = false;
            string name = ParseDottedName();
            node = new Filter(node, name, tokens.Current.IsOperator("(") ? ParseArguments() : CallArguments.None);
        }
        return node;
    }

    private Name ReadName(string name)
    {
        Names.Add(name);
        return new Name(name);
    }

    private Expression ParseAttribute(Expression node)
    {
        Token token = tokens.Next();
        return token.Kind switch
        {
            TokenKind.Name => new AttributeAccess(node, token.Value),
            TokenKind.Integer => new Subscript(node, new Literal(ExpressionParser.ReadNumber(token))),
            _ => throw tokens.Error("expected name or number"),
        };
    }

    private Subscript ParseSubscript(Expression node)
    {
        List<Expression> indexes = [];
        while (!tokens.SkipOperator("]"))
        {
            if (indexes.Count > 0)
                tokens.ExpectOperator(",");
            indexes.Add(ParseIndex());
        }
        if (indexes.Count == 0)
            throw tokens.Error("expected subscript expression");
        return new Subscript(node, indexes.Count == 1 ? indexes[0] : new SequenceLiteral(SequenceKind.Tuple, indexes));
    }

    private Expression ParseIndex()
    {
        var parts = new Expression?[3];
        if (!tokens.Current.IsOperator(":"))
        {
            parts[0] = expressions.ParseExpression();
            if (!tokens.Current.IsOperator(":"))
                return parts[0]!;
        }
        for (int i = 1; i < 3 && tokens.SkipOperator(":"); i++)
        {
            if (!tokens.Current.IsOperator(":") && !tokens.Current.IsOperator("]") && !tokens.Current.IsOperator(","))
                parts[i] = expressions.ParseExpression();
        }
        return new SliceIndex(parts[0], parts[1], parts[2]);
    }

    private Expression ParseTest(Expression node)
    {
        bool isNegated = tokens.SkipName("not");
        string name = ParseDottedName();
        CallArguments arguments = CallArguments.None;
        Token token = tokens.Current;
        if (token.IsOperator("("))
        {
            arguments = ParseArguments();
        }
        else if (token.Kind is TokenKind.Text or TokenKind.Integer or TokenKind.Float
            || token.Kind == TokenKind.Name && token.Value is not ("else" or "or" or "and")
            || token.Kind == TokenKind.Operator && token.Value is "[" or "{")
        {
            if (token.IsName("is"))
                throw tokens.Error("You cannot chain multiple tests with is");
            arguments = new CallArguments([ParsePostfix(ParsePrimary())], [], null, null);
        }
        var test = new Test(node, name, arguments);
        return isNegated ? new Not(test) : test;
    }

    private string ParseDottedName()
    {
        string name = tokens.Expect(TokenKind.Name).Value;
        while (tokens.SkipOperator("."))
            name += "." + tokens.Expect(TokenKind.Name).Value;
        return name;
    }

    private List<Expression> ParseList(string end)
    {
        List<Expression> items = [];
        while (!tokens.SkipOperator(end))
        {
            if (items.Count > 0)
            {
                tokens.ExpectOperator(",");
                if (tokens.SkipOperator(end))
                    break;
            }
            items.Add(expressions.ParseExpression());
        }
        return items;
    }

    private DictLiteral ParseDict()
    {
        List<(Expression Key, Expression Value)> entries = [];
        while (!tokens.SkipOperator("}"))
        {
            if (entries.Count > 0)
            {
                tokens.ExpectOperator(",");
                if (tokens.SkipOperator("}"))
                    break;
            }
            Expression key = expressions.ParseExpression();
            tokens.ExpectOperator(":");
            entries.Add((key, expressions.ParseExpression()));
        }
        return new DictLiteral(entries);
    }

    private CallArguments ParseArguments()
    {
        List<Expression> positional = [];
        List<(string, Expression)> named = [];
        Expression? star = null;
        Expression? doubleStar = null;
        tokens.ExpectOperator("(");
        for (bool isFirst = true; !tokens.SkipOperator(")"); isFirst = false)
        {
            if (!isFirst)
            {
                tokens.ExpectOperator(",");
                if (tokens.SkipOperator(")"))
                    break;
            }
            if (tokens.SkipOperator("*"))
                star = expressions.ParseExpression();
            else if (tokens.SkipOperator("**"))
                doubleStar = expressions.ParseExpression();
            else if (tokens.Current.Kind == TokenKind.Name && tokens.Following.IsOperator("="))
                named.Add((ParseArgumentName(), expressions.ParseExpression()));
            else if (named.Count > 0 || star is not null || doubleStar is not null)
                throw tokens.Error("invalid syntax for function call expression");
            else
                positional.Add(expressions.ParseExpression());
        }
        return new CallArguments(positional, named, star, doubleStar);
    }

    private string ParseArgumentName()
    {
        string name = tokens.Next().Value;
        tokens.Next();
        return name;
    }
}
