using LlamaHost.Bench.Measurement;

namespace LlamaHost.Bench.Load;

/// <summary>One server under one load. Times are in milliseconds.</summary>
internal sealed record LoadRow
{
    public required string Case { get; init; }

    public required string Server { get; init; }

    public required int Requests { get; init; }

    public required int Failed { get; init; }

    /// <summary>What the first failed request was told.</summary>
    public string? Error { get; init; }

    /// <summary>New tokens per second, median of the turns.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>The first server's tokens per second over this one's, median of the turns.</summary>
    public required double Ratio { get; init; }

    /// <summary>The first server's median time to the first token over this one's, median of the turns.</summary>
    public required double FirstTokenRatio { get; init; }

    /// <summary>The first server's median time between tokens over this one's, median of the turns.</summary>
    public required double GapRatio { get; init; }

    public required double FirstTokenP50 { get; init; }

    public required double FirstTokenP95 { get; init; }

    public required double FirstTokenP99 { get; init; }

    public required double GapP50 { get; init; }

    public required double GapP95 { get; init; }

    public required double GapP99 { get; init; }

    /// <summary>Share of the requests within the limits.</summary>
    public required double Goodput { get; init; }

    /// <param name="name">The case.</param>
    /// <param name="server">The server.</param>
    /// <param name="turns">Its turns.</param>
    /// <param name="first">The first server's turns.</param>
    /// <param name="limits">What makes a request a good one.</param>
    public static LoadRow From(string name, string server, LoadRun[] turns, LoadRun[] first, ServiceLevel limits)
    {
        double[] firstTokens = [.. turns.SelectMany(turn => turn.TimesToFirstToken)];
        double[] gaps = [.. turns.SelectMany(turn => turn.Gaps)];
        return new LoadRow
        {
            Case = name,
            Server = server,
            Requests = turns.Sum(turn => turn.Completions.Count),
            Failed = turns.Sum(turn => turn.Failed),
            Error = turns.SelectMany(turn => turn.Completions).FirstOrDefault(one => one.Error is not null)?.Error,
            TokensPerSecond = Quantiles.Median(turns.Select(turn => turn.TokensPerSecond)),
            Ratio = Quantiles.Median(first.Zip(turns, (ours, theirs) => ours.TokensPerSecond / theirs.TokensPerSecond)),
            FirstTokenRatio = MedianRatio(run => run.TimesToFirstToken),
            GapRatio = MedianRatio(run => run.Gaps),
            FirstTokenP50 = Quantiles.Of(firstTokens, 0.5),
            FirstTokenP95 = Quantiles.Of(firstTokens, 0.95),
            FirstTokenP99 = Quantiles.Of(firstTokens, 0.99),
            GapP50 = Quantiles.Of(gaps, 0.5),
            GapP95 = Quantiles.Of(gaps, 0.95),
            GapP99 = Quantiles.Of(gaps, 0.99),
            Goodput = turns.Average(turn => turn.Goodput(limits)),
        };

        double MedianRatio(Func<LoadRun, IEnumerable<double>> times) =>
            Quantiles.Median(first.Zip(turns, (ours, theirs) => Quantiles.Median(times(ours)) / Quantiles.Median(times(theirs))));
    }
}
