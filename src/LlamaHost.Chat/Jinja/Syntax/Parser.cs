using LlamaHost.Chat.Jinja.Syntax.Nodes;
using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Syntax;

/// <summary>Reads a template's statements. The grammar is that of Jinja's own parser, without other files.</summary>
internal sealed class Parser
{
    private readonly TokenReader _tokens;
    private readonly ExpressionParser _expressions;

    private Parser(string source)
    {
        _tokens = new TokenReader(Lexer.Tokenize(source));
        _expressions = new ExpressionParser(_tokens);
    }

    /// <exception cref="ChatTemplateException">The template is not valid.</exception>
    public static Statement Parse(string source)
    {
        var parser = new Parser(source);
        return parser.ParseBody();
    }

    private Block ParseBody(params string[] ends)
    {
        using TokenReader.Nesting nesting = _tokens.Nest();
        List<Statement> body = [];
        while (true)
        {
            Token token = _tokens.Current;
            switch (token.Kind)
            {
                case TokenKind.End when ends.Length == 0:
                    return new Block(body);
                case TokenKind.Data:
                    body.Add(new Print(new Literal(Text.OfTemplate(token.Value))));
                    _tokens.Next();
                    break;
                case TokenKind.VariableBegin:
                    _tokens.Next();
                    body.Add(new Print(_expressions.ParseTuple()));
                    _tokens.Expect(TokenKind.VariableEnd);
                    break;
                case TokenKind.BlockBegin:
                    _tokens.Next();
                    if (ends.Any(_tokens.Current.IsName))
                        return new Block(body);
                    body.Add(ParseStatement());
                    break;
                default:
                    throw _tokens.Error(ends.Length > 0
                        ? $"Unexpected end of template. Jinja was looking for the following tags: '{string.Join("' or '", ends)}'."
                        : $"unexpected '{token.Value}'");
            }
        }
    }

    private Statement ParseStatement()
    {
        Token tag = _tokens.Next();
        if (tag.Kind != TokenKind.Name)
            throw _tokens.Error("tag name expected");
        return tag.Value switch
        {
            "for" => ParseFor(),
            "if" => ParseIf(),
            "set" => ParseSet(),
            "macro" => ParseMacro(),
            "call" => ParseCall(),
            "filter" => ParseFilter(),
            "with" => ParseWith(),
            "block" => ParseBlock(),
            "print" => ClosedBy(new Print(_expressions.ParseTuple())),
            "break" => ClosedBy(new Jump(Flow.Break)),
            "continue" => ClosedBy(new Jump(Flow.Continue)),
            "do" => ClosedBy(new Ignored(_expressions.ParseTuple())),
            "generation" => Scoped("endgeneration"),
            "autoescape" => ParseAutoescape(),
            _ => throw _tokens.Error($"Encountered unknown tag '{tag.Value}'."),
        };
    }

    private For ParseFor()
    {
        Expression target = _expressions.ParseTarget("in");
        _tokens.ExpectName("in");
        Expression items = _expressions.ParseTuple(withCondition: false, "recursive");
        Expression? test = _tokens.SkipName("if") ? _expressions.ParseExpression() : null;
        bool isRecursive = _tokens.SkipName("recursive");
        Block body = ParseUntil("endfor", "else");
        Block? otherwise = _tokens.Next().IsName("else") ? ParseUntilAndSkip("endfor") : null;
        CloseTag();
        return new For(target, items, test, body, otherwise, isRecursive);
    }

    private If ParseIf()
    {
        using TokenReader.Nesting nesting = _tokens.Nest();
        Expression test = _expressions.ParseTuple(withCondition: false);
        Block then = ParseUntil("elif", "else", "endif");
        Token end = _tokens.Next();
        if (end.IsName("elif"))
            return new If(test, then, ParseIf());
        Block? otherwise = end.IsName("else") ? ParseUntilAndSkip("endif") : null;
        CloseTag();
        return new If(test, then, otherwise);
    }

    private Statement ParseSet()
    {
        Expression target = _expressions.ParseTarget(null, withNamespace: true);
        if (_tokens.SkipOperator("="))
            return ClosedBy(new Set(target, _expressions.ParseTuple()));
        Expression? filter = _expressions.ParseFilters(null);
        Block body = ParseUntilAndSkip("endset");
        CloseTag();
        return new SetBlock(target, filter, body);
    }

    private MacroDefinition ParseMacro()
    {
        string name = _tokens.Expect(TokenKind.Name).Value;
        IReadOnlyList<Parameter> parameters = ParseSignature();
        MacroBody body = ParseMacroBody("endmacro", parameters);
        CloseTag();
        return new MacroDefinition(name, body);
    }

    private CallBlock ParseCall()
    {
        IReadOnlyList<Parameter> parameters = _tokens.Current.IsOperator("(") ? ParseSignature() : [];
        if (_expressions.ParseExpression() is not Call call)
            throw _tokens.Error("expected call");
        MacroBody body = ParseMacroBody("endcall", parameters);
        CloseTag();
        return new CallBlock(call, body);
    }

    private MacroBody ParseMacroBody(string end, IReadOnlyList<Parameter> parameters)
    {
        (Block body, IReadOnlySet<string> names) = _expressions.WithNames(() => ParseUntilAndSkip(end));
        return new MacroBody(parameters, body, names.Contains("caller"), names.Contains("varargs"), names.Contains("kwargs"));
    }

    private FilterBlock ParseFilter()
    {
        Expression filter = _expressions.ParseFilters(null, startsInline: true) ?? throw _tokens.Error("expected filter");
        Block body = ParseUntilAndSkip("endfilter");
        CloseTag();
        return new FilterBlock(filter, body);
    }

    private With ParseWith()
    {
        List<(Expression Target, Expression Value)> variables = [];
        while (_tokens.Current.Kind != TokenKind.BlockEnd)
        {
            if (variables.Count > 0)
                _tokens.ExpectOperator(",");
            Expression target = _expressions.ParseTarget(null);
            _tokens.ExpectOperator("=");
            variables.Add((target, _expressions.ParseExpression()));
        }
        Block body = ParseUntilAndSkip("endwith");
        CloseTag();
        return new With(variables, body);
    }

    private With ParseBlock()
    {
        _tokens.Expect(TokenKind.Name);
        _tokens.SkipName("scoped");
        _tokens.SkipName("required");
        Block body = ParseUntilAndSkip("endblock");
        if (_tokens.Current.Kind == TokenKind.Name)
            _tokens.Next();
        CloseTag();
        return new With([], body);
    }

    private With ParseAutoescape()
    {
        _expressions.ParseExpression();
        return Scoped("endautoescape");
    }

    private With Scoped(string end)
    {
        Block body = ParseUntilAndSkip(end);
        CloseTag();
        return new With([], body);
    }

    private List<Parameter> ParseSignature()
    {
        List<Parameter> parameters = [];
        _tokens.ExpectOperator("(");
        while (!_tokens.Current.IsOperator(")"))
        {
            if (parameters.Count > 0)
                _tokens.ExpectOperator(",");
            string name = _tokens.Expect(TokenKind.Name).Value;
            Expression? value = _tokens.SkipOperator("=") ? _expressions.ParseExpression() : null;
            if (value is null && parameters.Count > 0 && parameters[^1].Default is not null)
                throw _tokens.Error("non-default argument follows default argument");
            parameters.Add(new Parameter(name, value));
        }
        _tokens.ExpectOperator(")");
        return parameters;
    }

    // Leaves the reader at the end tag's name.
    private Block ParseUntil(params string[] ends)
    {
        CloseTag();
        return ParseBody(ends);
    }

    private Block ParseUntilAndSkip(string end)
    {
        Block body = ParseUntil(end);
        _tokens.Next();
        return body;
    }

    private Statement ClosedBy(Statement statement)
    {
        CloseTag();
        return statement;
    }

    private void CloseTag()
    {
        _tokens.SkipOperator(":");
        _tokens.Expect(TokenKind.BlockEnd);
    }
}
