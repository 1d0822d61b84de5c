using System.Globalization;

namespace LlamaHost.Bench.Measurement;

/// <summary>How long one server took for one case.</summary>
internal sealed record DurationRow
{
    public required string Case { get; init; }

    public required string Server { get; init; }

    /// <summary>Seconds, median of the turns; NaN if it failed.</summary>
    public required double Seconds { get; init; }

    public required double Lowest { get; init; }

    public required double Highest { get; init; }

    /// <summary>The first server's time over this one's, median of the turns.</summary>
    public required double Ratio { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Error { get; init; }

    /// <summary>How the table shows a row.</summary>
    public static (string Heading, Func<DurationRow, string> Cell)[] Columns { get; } =
    [
        ("case", row => row.Case), ("server", row => row.Server), ("seconds", row => Number(row.Seconds)), ("lowest", row => Number(row.Lowest)),
        ("highest", row => Number(row.Highest)), ("ratio", row => Number(row.Ratio)), ("failure", row => row.Error ?? ""),
    ];

    /// <param name="name">The case.</param>
    /// <param name="server">The server.</param>
    /// <param name="turns">Its seconds in each turn, and what went wrong.</param>
    /// <param name="first">The first server's.</param>
    public static DurationRow From(
        string name, string server, (double Seconds, string? Error)[] turns, (double Seconds, string? Error)[] first) => new()
    {
        Case = name,
        Server = server,
        Seconds = Quantiles.Median(turns.Select(turn => turn.Seconds)),
        Lowest = turns.Min(turn => turn.Seconds),
        Highest = turns.Max(turn => turn.Seconds),
        Ratio = Quantiles.Median(first.Zip(turns, (ours, theirs) => ours.Seconds / theirs.Seconds)),
        Error = turns.FirstOrDefault(turn => turn.Error is not null).Error,
    };

    private static string Number(double value) => double.IsNaN(value) ? "–" : value.ToString("F2", CultureInfo.InvariantCulture);
}
