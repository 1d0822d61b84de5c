using LlamaHost.Bench.Measurement;
using LlamaHost.Bench.Servers;
using LlamaHost.Bench.Serving;
using Spectre.Console;

namespace LlamaHost.Bench.Load;

/// <summary>Measures how long servers take for something, in turns.</summary>
/// <param name="suite">The suite's name.</param>
/// <param name="title">What stands above the table.</param>
internal sealed class DurationReport(string suite, string title)
{
    private readonly SuiteReport<DurationRow> _report = new(suite, title);

    /// <summary>Measures one case.</summary>
    /// <param name="servers">The servers, which take turns.</param>
    /// <param name="turns">How often each is measured.</param>
    /// <param name="name">The case.</param>
    /// <param name="load">Makes the load of a turn.</param>
    /// <param name="duration">What of a run counts.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task MeasureAsync(
        ServerSet servers, int turns, string name, Func<int, ILoad> load, Func<LoadRun, TimeSpan> duration, CancellationToken cancellationToken)
    {
        ILoad[] loads = [.. Enumerable.Range(0, turns).Select(load)];
        IReadOnlyList<(double Seconds, string? Error)[]> times = await servers.TakeTurnsAsync(turns, async (client, turn) =>
        {
            LoadRun run = await loads[turn].RunAsync(client, cancellationToken).ConfigureAwait(false);
            string? error = run.Completions.FirstOrDefault(one => one.Error is not null)?.Error;
            return (error is null ? duration(run).TotalSeconds : double.NaN, error);
        }, cancellationToken).ConfigureAwait(false);
        foreach ((CompletionClient client, (double Seconds, string? Error)[] own) in servers.Clients.Zip(times))
            Add(DurationRow.From(name, client.Target.Name, own, times[0]));
    }

    public void Add(DurationRow row)
    {
        _report.Add(row);
        AnsiConsole.MarkupLineInterpolated($"{row.Case}: {row.Server} {row.Seconds:F2} s {row.Error ?? ""}");
    }

    /// <inheritdoc cref="SuiteReport{TRow}.PublishAsync"/>
    public Task PublishAsync(string? path) => _report.PublishAsync(path, DurationRow.Columns);
}
