using System.Diagnostics;
using LlamaHost.Bench.Serving;

namespace LlamaHost.Bench.Load;

/// <summary>What came of one load on one server.</summary>
/// <param name="Completions">One per request.</param>
/// <param name="Elapsed">From the first request's start to the last one's end.</param>
internal sealed record LoadRun(IReadOnlyList<Completion> Completions, TimeSpan Elapsed)
{
    public int Failed => Completions.Count(one => one.Error is not null);

    /// <summary>New tokens per second, of all requests together.</summary>
    public double TokensPerSecond => Completions.Sum(one => one.NewTokens) / Elapsed.TotalSeconds;

    /// <summary>Milliseconds to the first token of each request that got all its tokens.</summary>
    public IEnumerable<double> TimesToFirstToken => Succeeded.Select(one => one.TimeToFirstToken.TotalMilliseconds);

    /// <summary>Milliseconds between tokens, of all requests that got all of them.</summary>
    public IEnumerable<double> Gaps =>
        Succeeded.SelectMany(one => one.Gaps()).Select(gap => Stopwatch.GetElapsedTime(gap.Start, gap.End).TotalMilliseconds);

    /// <summary>Share of the requests whose first token came in time and whose others followed fast enough on average.</summary>
    public double Goodput(ServiceLevel limits) =>
        (double)Succeeded.Count(one => one.TimeToFirstToken <= limits.FirstToken && one.TimePerToken <= limits.PerToken) / Completions.Count;

    private IEnumerable<Completion> Succeeded => Completions.Where(one => one.Error is null);
}
