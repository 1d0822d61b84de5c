using LlamaHost.Engine.Execution.Threads;

namespace LlamaHost.Engine.Tests.Execution.Threads;

/// <summary>
/// How long steps take on a machine that is not there: Amdahl's law, and ggml's spinning barriers, at which all threads wait for one whose core is
/// taken. Times scatter, and once in a while something interrupts a step.
/// </summary>
internal sealed record SimulatedMachine(int Cores, double Serial, double Scatter, int Seed)
{
    private readonly Random _random = new(Seed);

    /// <summary>Cores that other processes keep busy.</summary>
    public int BusyCores { get; set; }

    /// <summary>Seconds that a step takes on average.</summary>
    public double Expected(int tokens, int threads)
    {
        double alone = 0.010 * Math.Pow(tokens, 0.9) * (Serial + ((1 - Serial) / threads));
        int shared = Math.Max(0, threads + BusyCores - Cores);
        // Each shared core may be the one that all wait for; one thread alone just gets its share.
        return shared == 0 ? alone : alone * (threads == 1 ? 1.8 : 4 * shared);
    }

    /// <summary>A step's duration.</summary>
    public TimeSpan Step(int tokens, int threads)
    {
        Assert.InRange(threads, 1, Cores);
        double normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        double interruption = _random.Next(200) == 0 ? 5 : 1;
        return TimeSpan.FromSeconds(Expected(tokens, threads) * Math.Exp(Scatter * normal) * interruption);
    }

    /// <summary>The least that steps take on average with one of the counts that are tried.</summary>
    public double Best(int tokens)
    {
        var counts = new ThreadCounts(Cores);
        return Enumerable.Range(0, counts.Length).Min(index => Expected(tokens, counts[index]));
    }
}
