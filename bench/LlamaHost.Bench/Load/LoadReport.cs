using LlamaHost.Bench.Measurement;
using LlamaHost.Bench.Servers;
using LlamaHost.Bench.Serving;
using Spectre.Console;

namespace LlamaHost.Bench.Load;

/// <summary>Puts loads on servers and gathers the rows.</summary>
/// <param name="suite">The suite's name.</param>
/// <param name="title">What stands above the table.</param>
/// <param name="limits">What makes a request a good one.</param>
internal sealed class LoadReport(string suite, string title, ServiceLevel limits)
{
    private readonly SuiteReport<LoadRow> _report = new(suite, title);

    /// <summary>Whether a request failed.</summary>
    public bool Failed { get; private set; }

    /// <summary>Measures one case.</summary>
    /// <param name="servers">The servers, which take turns.</param>
    /// <param name="turns">How often each is measured.</param>
    /// <param name="name">The case.</param>
    /// <param name="load">Makes a turn's load: the same for all servers, another in the next turn, so that nothing is reused from the last.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task MeasureAsync(ServerSet servers, int turns, string name, Func<int, ILoad> load, CancellationToken cancellationToken)
    {
        ILoad[] loads = [.. Enumerable.Range(0, turns).Select(load)];
        IReadOnlyList<LoadRun[]> runs = await servers.TakeTurnsAsync(
            turns, (client, turn) => loads[turn].RunAsync(client, cancellationToken), cancellationToken).ConfigureAwait(false);
        foreach ((CompletionClient client, LoadRun[] own) in servers.Clients.Zip(runs))
        {
            LoadRow row = LoadRow.From(name, client.Target.Name, own, runs[0], limits);
            _report.Add(row);
            Failed |= row.Failed > 0;
            // A whole run takes minutes: say what is known so far.
            AnsiConsole.MarkupLineInterpolated($"{name}: {row.Server} {row.TokensPerSecond:F1} tokens/s {row.Error ?? ""}");
        }
    }

    /// <inheritdoc cref="SuiteReport{TRow}.PublishAsync"/>
    public Task PublishAsync(string? path) => _report.PublishAsync(
        path,
        ("case", row => row.Case), ("server", row => row.Server),
        ("tokens/s", row => $"{row.TokensPerSecond:F1}"), ("ratio", row => $"{row.Ratio:F2}"),
        ("TTFT p50 ms", row => $"{row.FirstTokenP50:F0}"), ("p95", row => $"{row.FirstTokenP95:F0}"), ("p99", row => $"{row.FirstTokenP99:F0}"),
        ("ratio", row => $"{row.FirstTokenRatio:F2}"),
        ("ITL p50 ms", row => $"{row.GapP50:F1}"), ("p95", row => $"{row.GapP95:F1}"), ("p99", row => $"{row.GapP99:F1}"),
        ("ratio", row => $"{row.GapRatio:F2}"),
        ("goodput", row => $"{row.Goodput:P0}"), ("failed", row => $"{row.Failed}/{row.Requests}"));
}
