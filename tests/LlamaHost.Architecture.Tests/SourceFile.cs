using System.Text.RegularExpressions;

namespace LlamaHost.Architecture.Tests;

/// <summary>A C# file.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Text">All of it.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    /// <summary>The text without comments and with empty literals, so that only code is found in it.</summary>
    public string Code { get; } = CommentsAndLiterals().Replace(Text, match => match.Value[0] == '/' ? " " : "\"\"");

    public int Lines => Text.AsSpan().TrimEnd('\n').Count('\n') + 1;

    [GeneratedRegex("""
        "{3,}[\s\S]*?"{3,} | @\$?"(?:[^"]|"")*" | \$@"(?:[^"]|"")*" | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])+' | //[^\n]* | /\*[\s\S]*?\*/
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex CommentsAndLiterals();
}
