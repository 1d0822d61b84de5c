using System.Runtime.InteropServices;

namespace LlamaHost.Bench.Measurement;

/// <summary>What figures of one machine are to be read with.</summary>
/// <param name="Processor">The processor's name, as the kernel gives it.</param>
/// <param name="Cores">Cores that this process may use.</param>
/// <param name="MemoryBytes">Memory that this process may use.</param>
/// <param name="System">The operating system.</param>
/// <param name="DotNet">The .NET runtime.</param>
internal sealed record Machine(string Processor, int Cores, long MemoryBytes, string System, string DotNet)
{
    /// <summary>The machine that this process runs on.</summary>
    public static Machine Read() => new(
        ProcessorName(), Environment.ProcessorCount, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, RuntimeInformation.OSDescription,
        RuntimeInformation.FrameworkDescription);

    /// <inheritdoc />
    public override string ToString() => $"{Processor}, {Cores} cores, {MemoryBytes >> 30} GiB, {System}, {DotNet}";

    private static string ProcessorName()
    {
        const string Cpus = "/proc/cpuinfo";
        string? line = File.Exists(Cpus) ? File.ReadLines(Cpus).FirstOrDefault(one => one.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
