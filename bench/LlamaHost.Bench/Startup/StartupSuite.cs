using System.Diagnostics;
using LlamaHost.Bench.Load;
using LlamaHost.Bench.Measurement;
using LlamaHost.Bench.Servers;
using LlamaHost.Bench.Serving;
using Spectre.Console.Cli;

namespace LlamaHost.Bench.Startup;

/// <summary>From a program's start to the first token that a waiting client gets.</summary>
internal sealed class StartupSuite : AsyncCommand<StartupSuite.Settings>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    internal sealed class Settings : ServingSettings;

    /// <inheritdoc />
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var report = new DurationReport("startup", $"start to first token of a short prompt, files in the page cache; {settings.Turns} turns");
        IReadOnlyList<ServerProgram> programs = settings.Programs();
        var times = new (double Seconds, string? Error)[programs.Count, settings.Turns];
        // The first turn brings the files into the page cache and doesn't count.
        for (int turn = -1; turn < settings.Turns; turn++)
        {
            for (int i = 0; i < programs.Count; i++)
            {
                (double Seconds, string? Error) time = await MeasureAsync(programs[i], cancellationToken).ConfigureAwait(false);
                if (turn >= 0)
                    times[i, turn] = time;
            }
        }
        (double Seconds, string? Error)[] Of(int program) => [.. Enumerable.Range(0, settings.Turns).Select(turn => times[program, turn])];
        for (int i = 0; i < programs.Count; i++)
            report.Add(DurationRow.From("first token", programs[i].Name, Of(i), Of(0)));
        await report.PublishAsync(settings.Json).ConfigureAwait(false);
        return 0;
    }

    private static async Task<(double Seconds, string? Error)> MeasureAsync(ServerProgram program, CancellationToken cancellationToken)
    {
        var request = new CompletionRequest { PromptTokens = [1000, 1001, 1002, 1003], NewTokens = 1 };
        long start = Stopwatch.GetTimestamp();
        var process = ServerProcess.Start(program);
        await using (process.ConfigureAwait(false))
        {
            using var client = new CompletionClient(process.Target);
            Completion completion;
            do
            {
                process.ThrowIfEnded();
                completion = await client.CompleteAsync(request, start, cancellationToken).ConfigureAwait(false);
                if (completion.Error is null)
                    return (completion.TimeToFirstToken.TotalSeconds, null);
                await Task.Delay(2, cancellationToken).ConfigureAwait(false);
            }
            while (Stopwatch.GetElapsedTime(start) < Patience);
            return (double.NaN, completion.Error);
        }
    }
}
