using System.ComponentModel;
using System.Globalization;
using LlamaHost.Bench.Load;
using LlamaHost.Bench.Measurement;
using LlamaHost.Bench.Servers;
using LlamaHost.Bench.Serving;
using Spectre.Console.Cli;

namespace LlamaHost.Bench.Memory;

/// <summary>Memory of each server, alone on the machine: after its first answer, and after a load.</summary>
internal sealed class MemorySuite : AsyncCommand<MemorySuite.Settings>
{
    internal sealed class Settings : ServingSettings
    {
        [CommandOption("--clients <N>")]
        [Description("Clients of the load; each sends two requests.")]
        [DefaultValue(8)]
        public int ClientCount { get; init; }

        [CommandOption("--prompt-tokens <N>")]
        [Description("Tokens of each prompt.")]
        [DefaultValue(128)]
        public int PromptTokens { get; init; }

        [CommandOption("--output-tokens <N>")]
        [Description("Tokens of each answer.")]
        [DefaultValue(64)]
        public int OutputTokens { get; init; }
    }

    /// <inheritdoc />
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var report = new SuiteReport<MemoryRow>("memory", $"context {settings.Context}, before and after {settings.ClientCount} clients");
        long first = 0;
        foreach (ServerProgram program in settings.Programs())
        {
            // One at a time: the weights' pages would be divided between servers that run together.
            MemoryRow row = await MeasureAsync(program, settings, cancellationToken).ConfigureAwait(false);
            first = first == 0 ? row.Loaded.ResidentBytes : first;
            report.Add(row with { Difference = first - row.Loaded.ResidentBytes });
        }
        await report.PublishAsync(
            settings.Json,
            ("server", row => row.Server),
            ("idle MB", row => Megabytes(row.Idle.ResidentBytes)), ("of it anonymous", row => Megabytes(row.Idle.AnonymousBytes)),
            ("loaded MB", row => Megabytes(row.Loaded.ResidentBytes)), ("of it anonymous", row => Megabytes(row.Loaded.AnonymousBytes)),
            ("first is larger by MB", row => Megabytes(row.Difference)), ("failure", row => row.Error ?? "")).ConfigureAwait(false);
        return 0;
    }

    private static async Task<MemoryRow> MeasureAsync(ServerProgram program, Settings settings, CancellationToken cancellationToken)
    {
        var prompts = new PromptSource(settings.Seed);
        CompletionRequest Request(int tokens, int newTokens) => new() { PromptTokens = prompts.Next(tokens), NewTokens = newTokens };
        var process = ServerProcess.Start(program);
        await using (process.ConfigureAwait(false))
        {
            await process.WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);
            using var client = new CompletionClient(process.Target);
            Completion answer = await client.CompleteAsync(Request(4, 4), cancellationToken).ConfigureAwait(false);
            var idle = ResidentMemory.Of(process.Id);
            CompletionRequest[][] requests = [.. Enumerable.Range(0, settings.ClientCount).Select(CompletionRequest[] (_) =>
                [Request(settings.PromptTokens, settings.OutputTokens), Request(settings.PromptTokens, settings.OutputTokens)])];
            LoadRun run = await new ClosedLoop(requests).RunAsync(client, cancellationToken).ConfigureAwait(false);
            string? error = run.Completions.Append(answer).FirstOrDefault(one => one.Error is not null)?.Error;
            return new MemoryRow(program.Name, idle, ResidentMemory.Of(process.Id), 0, error);
        }
    }

    // Decimal, as memory is sold.
    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("F0", CultureInfo.InvariantCulture);
}
