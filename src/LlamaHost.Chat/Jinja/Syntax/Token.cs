namespace LlamaHost.Chat.Jinja.Syntax;

internal enum TokenKind
{
    /// <summary>Text outside of tags.</summary>
    Data,
    BlockBegin,
    BlockEnd,
    VariableBegin,
    VariableEnd,
    Name,
    Text,
    Integer,
    Float,
    Operator,
    End,
}

/// <summary>A piece of a template's source.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">Its text; of a string literal, what the string says.</param>
/// <param name="Line">The line it stands in, from 1.</param>
internal readonly record struct Token(TokenKind Kind, string Value, int Line)
{
    public bool IsName(string name) => Kind == TokenKind.Name && Value == name;

    public bool IsOperator(string text) => Kind == TokenKind.Operator && Value == text;
}
