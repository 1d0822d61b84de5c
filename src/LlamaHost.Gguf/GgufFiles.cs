using System.Globalization;
using System.Text.RegularExpressions;

namespace LlamaHost.Gguf;

/// <summary>How GGUF files are named, and which of them make one model (<c>llama_split_path</c>).</summary>
public static partial class GgufFiles
{
    /// <summary>How their names end.</summary>
    public const string Extension = ".gguf";

    /// <summary>The model's name: the file's without its extension and, of a split model, without the number of the part.</summary>
    public static string NameOf(string path)
    {
        string name = Path.GetFileName(path);
        if (SplitName().Match(name) is { Success: true } split)
            return split.Groups["name"].Value;
        return name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) ? name[..^Extension.Length] : name;
    }

    /// <summary>Whether the file is a part of a split model but not its first, by which the model goes.</summary>
    public static bool IsLaterPart(string path) =>
        SplitName().Match(Path.GetFileName(path)) is { Success: true } split && split.Groups["part"].Value != "00001";

    /// <summary>The files that make the model: its parts if it is split, else the one file.</summary>
    public static IReadOnlyList<string> PartsOf(string path)
    {
        string name = Path.GetFileName(path);
        if (SplitName().Match(name) is not { Success: true } split)
            return [path];
        string folder = path[..^name.Length];
        string count = split.Groups["count"].Value;
        return
        [
            .. Enumerable.Range(1, int.Parse(count, CultureInfo.InvariantCulture))
                .Select(part => string.Create(CultureInfo.InvariantCulture, $"{folder}{split.Groups["name"]}-{part:D5}-of-{count}{Extension}")),
        ];
    }

    [GeneratedRegex(@"^(?<name>.+)-(?<part>[0-9]{5})-of-(?<count>[0-9]{5})\.gguf$", RegexOptions.CultureInvariant)]
    private static partial Regex SplitName();
}
