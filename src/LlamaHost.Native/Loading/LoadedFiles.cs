using System.Globalization;

namespace LlamaHost.Native.Loading;

/// <summary>Tells which libraries the process has loaded (Linux: <c>/proc/self/maps</c>; elsewhere it knows nothing).</summary>
internal static class LoadedFiles
{
    /// <summary>File that is mapped at the address; <see langword="null"/> if there is none or the system does not tell.</summary>
    public static string? Containing(nint address) =>
        Mappings().FirstOrDefault(mapping => (ulong)address >= mapping.Start && (ulong)address < mapping.End).File;

    /// <summary>Mapped files whose name starts like this.</summary>
    public static IEnumerable<string> Named(string start) =>
        Mappings().Select(mapping => mapping.File).Where(file => Path.GetFileName(file).StartsWith(start, StringComparison.Ordinal)).Distinct();

    /// <summary>The path without links, as the map shows it.</summary>
    public static string RealPath(string file)
    {
        string path = "/";
        foreach (string part in Path.GetFullPath(file).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            path = Path.Combine(path, part);
            path = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        }
        return path;
    }

    private static IEnumerable<(ulong Start, ulong End, string File)> Mappings()
    {
        if (!OperatingSystem.IsLinux())
            yield break;
        // 7f12a000-7f12b000 r--p 00000000 08:01 1234    /folder/libllama.so
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            int dash = line.IndexOf('-', StringComparison.Ordinal);
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            int path = line.IndexOf('/', StringComparison.Ordinal);
            if (path > 0)
                yield return (Hexadecimal(line.AsSpan(0, dash)), Hexadecimal(line.AsSpan(dash + 1, space - dash - 1)), line[path..]);
        }
    }

    private static ulong Hexadecimal(ReadOnlySpan<char> digits) => ulong.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
