using System.Globalization;

namespace LlamaHost.Bench.Memory;

/// <summary>Memory of a process and of all that it started.</summary>
/// <param name="ResidentBytes">Pages in memory, those shared with others counted in part (the kernel's PSS), files such as weights included.</param>
/// <param name="AnonymousBytes">What of it is not a file's: heaps, stacks, the KV cache.</param>
internal readonly record struct ResidentMemory(long ResidentBytes, long AnonymousBytes)
{
    public static ResidentMemory operator +(ResidentMemory one, ResidentMemory other) =>
        new(one.ResidentBytes + other.ResidentBytes, one.AnonymousBytes + other.AnonymousBytes);

    /// <summary>Reads <c>/proc</c>.</summary>
    /// <exception cref="PlatformNotSupportedException">There is none: this is not Linux.</exception>
    public static ResidentMemory Of(int process)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("Memory is read from /proc, which only Linux has.");
        var sum = new ResidentMemory(Read(process, "Pss:"), Read(process, "Pss_Anon:"));
        foreach (string tasks in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            foreach (string child in File.ReadAllText(tasks + "/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
                sum += Of(int.Parse(child, CultureInfo.InvariantCulture));
        }
        return sum;
    }

    private static long Read(int process, string field)
    {
        string line = File.ReadLines($"/proc/{process}/smaps_rollup").First(one => one.StartsWith(field, StringComparison.Ordinal));
        return 1024 * long.Parse(line[field.Length..^"kB".Length], NumberStyles.Integer, CultureInfo.InvariantCulture);
    }
}
