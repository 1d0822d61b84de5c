using System.Globalization;
using LlamaHost.Bench.Measurement;

namespace LlamaHost.Bench.Interference;

/// <summary>What running streams feel of a long prompt. Times in milliseconds.</summary>
internal sealed record InterferenceRow
{
    public required string Server { get; init; }

    public required double BeforeP50 { get; init; }

    public required double BeforeP99 { get; init; }

    public required double WhileP50 { get; init; }

    public required double WhileP99 { get; init; }

    public required double WhileLongest { get; init; }

    /// <summary>The 99th percentile while the prompt came in over that before it.</summary>
    public required double Ratio { get; init; }

    /// <summary>Seconds until the long prompt has its first token.</summary>
    public required double PromptSeconds { get; init; }

    public string? Error { get; init; }

    /// <summary>How the table shows a row.</summary>
    public static (string Heading, Func<InterferenceRow, string> Cell)[] Columns { get; } =
    [
        ("server", row => row.Server), ("before: p50 ms", row => Number(row.BeforeP50)), ("p99", row => Number(row.BeforeP99)),
        ("while: p50 ms", row => Number(row.WhileP50)), ("p99", row => Number(row.WhileP99)), ("longest", row => Number(row.WhileLongest)),
        ("ratio of p99", row => Number(row.Ratio)),
        ("long prompt's first token s", row => Number(row.PromptSeconds)), ("failure", row => row.Error ?? ""),
    ];

    /// <summary>Joins the turns of one server.</summary>
    public static InterferenceRow From(string server, InterferenceRun[] turns)
    {
        double[] before = [.. turns.SelectMany(turn => turn.Before)];
        double[] during = [.. turns.SelectMany(turn => turn.During)];
        return new InterferenceRow
        {
            Server = server,
            BeforeP50 = Quantiles.Of(before, 0.5),
            BeforeP99 = Quantiles.Of(before, 0.99),
            WhileP50 = Quantiles.Of(during, 0.5),
            WhileP99 = Quantiles.Of(during, 0.99),
            WhileLongest = Quantiles.Of(during, 1),
            Ratio = Quantiles.Of(during, 0.99) / Quantiles.Of(before, 0.99),
            PromptSeconds = Quantiles.Median(turns.Select(turn => turn.PromptTime.TotalSeconds)),
            Error = turns.FirstOrDefault(turn => turn.Error is not null)?.Error,
        };
    }

    private static string Number(double value) => double.IsNaN(value) ? "–" : value.ToString("F1", CultureInfo.InvariantCulture);
}
