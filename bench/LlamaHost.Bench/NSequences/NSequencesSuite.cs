using System.ComponentModel;
using LlamaHost.Bench.Load;
using LlamaHost.Bench.Servers;
using LlamaHost.Bench.Serving;
using Spectre.Console.Cli;

namespace LlamaHost.Bench.NSequences;

/// <summary>Several continuations of one new prompt: in one request, and as one request each.</summary>
internal sealed class NSequencesSuite : AsyncCommand<NSequencesSuite.Settings>
{
    internal sealed class Settings : ServingSettings
    {
        [CommandOption("--sequences <N>")]
        [Description("Continuations.")]
        [DefaultValue(8)]
        public int Sequences { get; init; }

        [CommandOption("--prompt-tokens <N>")]
        [Description("Tokens of the prompt, which is new in each turn.")]
        [DefaultValue(500)]
        public int PromptTokens { get; init; }

        [CommandOption("--output-tokens <N>")]
        [Description("Tokens of each continuation.")]
        [DefaultValue(64)]
        public int OutputTokens { get; init; }
    }

    /// <inheritdoc />
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var report = new DurationReport(
            "n-sequences",
            $"{settings.Sequences} continuations of {settings.OutputTokens} tokens, prompt of {settings.PromptTokens}; {settings.Turns} turns");
        ServerSet servers = await ServerSet.StartAsync(settings, cancellationToken).ConfigureAwait(false);
        await using (servers.ConfigureAwait(false))
        {
            await report.MeasureAsync(
                servers, settings.Turns, $"one request for {settings.Sequences} sequences",
                turn => Requests(settings, turn, requests: 1, settings.Sequences),
                run => run.Elapsed, cancellationToken).ConfigureAwait(false);
            await report.MeasureAsync(
                servers, settings.Turns, $"{settings.Sequences} requests at once",
                turn => Requests(settings, turn + settings.Turns, settings.Sequences, sequences: 1),
                run => run.Elapsed, cancellationToken).ConfigureAwait(false);
        }
        await report.PublishAsync(settings.Json).ConfigureAwait(false);
        return 0;
    }

    private static ClosedLoop Requests(Settings settings, int turn, int requests, int sequences)
    {
        var request = new CompletionRequest
        {
            PromptTokens = new PromptSource(settings.Seed, turn).Next(settings.PromptTokens),
            NewTokens = settings.OutputTokens,
            Sequences = sequences,
            // Greedy search has one continuation; what is measured is sharing, so the draw is one that costs no server much.
            Sampling = SamplingMode.TopK,
        };
        return new ClosedLoop([.. Enumerable.Repeat<CompletionRequest[]>([request], requests)]);
    }
}
