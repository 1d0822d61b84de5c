using System.Text.RegularExpressions;

namespace LlamaHost.Architecture.Tests.Rules;

/// <summary>What must not be written, where the compiled code no longer tells.</summary>
/// <param name="Name">The rule in a few words.</param>
/// <param name="Forbidden">Finds it.</param>
/// <param name="IsFree">Files that may.</param>
/// <param name="AlsoInText">Look into comments and literals, too.</param>
internal sealed record SourceRule(string Name, Regex Forbidden, Func<SourceFile, bool> IsFree, bool AlsoInText = false)
{
    public IEnumerable<string> Violations(IEnumerable<SourceFile> files) =>
        from file in files
        where !IsFree(file)
        from match in Forbidden.Matches(AlsoInText ? file.Text : file.Code)
        select $"{file.Path}: {match.Value} ({Name})";

    public override string ToString() => Name;
}
