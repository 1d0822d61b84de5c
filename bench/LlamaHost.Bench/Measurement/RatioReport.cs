using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace LlamaHost.Bench.Measurement;

/// <summary>One row: a piece of work done in two ways.</summary>
/// <param name="Case">The work.</param>
/// <param name="Against">What it is compared with.</param>
/// <param name="KeptTokens">Tokens of ended requests that the engine may have kept in its KV cache when it was measured last.</param>
/// <param name="Result">Both speeds in tokens per second, and their ratio.</param>
internal sealed record RatioRow(string Case, string Against, int KeptTokens, PairedRatio Result);

/// <summary>What a suite found, as a table and as JSON.</summary>
/// <param name="Suite">Its name.</param>
/// <param name="Model">File name of the model.</param>
/// <param name="Threads">Threads that computed.</param>
/// <param name="LlamaCpp">Version of llama.cpp.</param>
/// <param name="Turns">How often each row was measured in both ways.</param>
/// <param name="Started">When it began.</param>
/// <param name="Rows">What it found.</param>
internal sealed record RatioReport(
    string Suite, string Model, int Threads, string LlamaCpp, int Turns, DateTimeOffset Started, IReadOnlyList<RatioRow> Rows)
{
    /// <summary>Prints the table.</summary>
    public void Print(IAnsiConsole console)
    {
        var table = new Table().AddColumns("case", "against", "kept tokens", "baseline, tokens/s", "engine, tokens/s", "ratio", "lowest", "highest");
        foreach (RatioRow row in Rows)
        {
            PairedRatio result = row.Result;
            table.AddRow(
                row.Case, row.Against, $"{row.KeptTokens}", $"{result.Baseline:F1}", $"{result.Subject:F1}",
                $"{result.Ratio:F3}", $"{result.Lowest:F3}", $"{result.Highest:F3}");
        }
        // Without a terminal the console takes itself for a narrow one.
        console.Profile.Width = Math.Max(console.Profile.Width, 130);
        console.MarkupLineInterpolated($"{Model}, {Threads} threads, llama.cpp {LlamaCpp}, {Turns} turns, medians");
        console.Write(table);
    }

    /// <summary>Writes it as JSON, over what is there.</summary>
    public async Task WriteAsync(string path, CancellationToken cancellationToken)
    {
        FileStream file = File.Create(path);
        await using (file.ConfigureAwait(false))
            await JsonSerializer.SerializeAsync(file, this, ReportJson.Default.RatioReport, cancellationToken).ConfigureAwait(false);
    }
}

/// <summary>JSON of the reports.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RatioReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
