namespace LlamaHost.Chat.Jinja.Syntax;

/// <summary>Goes through a template's tokens.</summary>
internal sealed class TokenReader(IReadOnlyList<Token> tokens)
{
    // The parser and the interpreter descend a few calls for each.
    private const int DeepestNesting = 200;

    private int _position;
    private int _depth;

    public Token Current => tokens[_position];

    public Token Following => tokens[Math.Min(_position + 1, tokens.Count - 1)];

    /// <summary>Returns the current token and goes on.</summary>
    public Token Next()
    {
        Token token = Current;
        if (_position + 1 < tokens.Count)
            _position++;
        return token;
    }

    public Token Expect(TokenKind kind) =>
        Current.Kind == kind ? Next() : throw Error($"expected token '{kind}', got '{Current.Value}'");

    public void ExpectName(string name)
    {
        if (!SkipName(name))
            throw Error($"expected token '{name}', got '{Current.Value}'");
    }

    public void ExpectOperator(string text)
    {
        if (!SkipOperator(text))
            throw Error($"expected token '{text}', got '{Current.Value}'");
    }

    public bool SkipName(string name) => Skip(Current.IsName(name));

    public bool SkipOperator(string text) => Skip(Current.IsOperator(text));

    /// <summary>Goes one level deeper until it is disposed of.</summary>
    public Nesting Nest()
    {
        if (++_depth > DeepestNesting)
            throw Error($"nested more than {DeepestNesting} deep");
        return new Nesting(this);
    }

    public ChatTemplateException Error(string message) => new($"{message} (line {Current.Line})");

    private bool Skip(bool isMatch)
    {
        if (isMatch)
            Next();
        return isMatch;
    }

    /// <summary>A level of nesting.</summary>
    public readonly struct Nesting(TokenReader reader) : IDisposable
    {
        public void Dispose() => reader._depth--;
    }
}
