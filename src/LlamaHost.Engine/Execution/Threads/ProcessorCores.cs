namespace LlamaHost.Engine.Execution.Threads;

/// <summary>The cores that this process may use.</summary>
internal static class ProcessorCores
{
    /// <summary>
    /// Physical cores that the process may run on, no more than its processor time allows. A core's second hardware thread shares the arithmetic
    /// units that matrix products are bound by, and makes two of ggml's threads wait for each other.
    /// </summary>
    public static int Count => Physical("/sys/devices/system/cpu", Allowed("/proc/self/status")) is > 0 and int cores
        ? Math.Min(cores, Environment.ProcessorCount)
        : Environment.ProcessorCount;

    /// <summary>Different sets of siblings among the processors; 0 where the system does not tell.</summary>
    internal static int Physical(string folder, IEnumerable<int> processors)
    {
        HashSet<string> cores = [];
        foreach (int processor in processors)
        {
            string file = Path.Combine(folder, $"cpu{processor}", "topology", "thread_siblings_list");
            if (!File.Exists(file))
                return 0;
            cores.Add(File.ReadAllText(file));
        }
        return cores.Count;
    }

    /// <summary>Processors of the affinity mask in <c>/proc/PID/status</c>; none where there is no such file.</summary>
    internal static IEnumerable<int> Allowed(string file)
    {
        const string Key = "Cpus_allowed_list:";
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(one => one.StartsWith(Key, StringComparison.Ordinal)) : null;
        foreach (string range in (line?[Key.Length..] ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = range.Split('-');
            if (!int.TryParse(ends[0], out int first) || !int.TryParse(ends[^1], out int last))
                yield break;
            for (int processor = first; processor <= last; processor++)
                yield return processor;
        }
    }
}
