using System.Globalization;

namespace LlamaHost.Native.Loading;

/// <summary>Tells which of the process's loaded libraries an address belongs to (Linux: <c>/proc/self/maps</c>).</summary>
internal static class LoadedFiles
{
    /// <summary>File that is mapped at the address; <see langword="null"/> if there is none or the system does not tell.</summary>
    public static string? Containing(nint address)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        // 7f12a000-7f12b000 r--p 00000000 08:01 1234    /folder/libllama.so
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            int dash = line.IndexOf('-', StringComparison.Ordinal);
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            int path = line.IndexOf('/', StringComparison.Ordinal);
            if (path > 0
                && (ulong)address >= ulong.Parse(line.AsSpan(0, dash), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                && (ulong)address < ulong.Parse(line.AsSpan(dash + 1, space - dash - 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture))
            {
                return line[path..];
            }
        }
        return null;
    }

    /// <summary>The folder with links in its last part resolved, as the map shows it.</summary>
    public static string RealPath(string folder) =>
        Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;
}
