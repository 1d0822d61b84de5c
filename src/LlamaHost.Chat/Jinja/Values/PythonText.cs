namespace LlamaHost.Chat.Jinja.Values;

/// <summary>What Python takes for white space.</summary>
internal static class PythonText
{
    /// <summary>All characters for which <c>str.isspace</c> holds.</summary>
    public static ReadOnlySpan<char> Whitespace =>
        "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';

    /// <summary>Whether a line ends here, as <c>str.splitlines</c> sees it.</summary>
    public static bool IsLineBreak(char c) => c is >= '\n' and <= '\r' or >= '\x1c' and <= '\x1e' or '\x85' or '\u2028' or '\u2029';
}
