using System.ComponentModel;
using LlamaHost.Bench.Measurement;
using LlamaHost.Engine;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;
using Spectre.Console.Cli;

namespace LlamaHost.Bench.Lookup;

/// <summary>One sequence with tokens guessed from its own text, against the same without.</summary>
internal sealed class LookupSuite : AsyncCommand<LookupSuite.Settings>
{
    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--model <PATH>")]
        [Description("GGUF file.")]
        [DefaultValue("models/SmolLM2-135M-Instruct.Q4_1.gguf")]
        public string Model { get; init; } = "";

        [CommandOption("--threads <N>")]
        [Description("Threads that compute. 0: the machine's cores.")]
        public int Threads { get; init; }

        [CommandOption("--turns <N>")]
        [Description("How often each case is measured in both ways.")]
        [DefaultValue(5)]
        public int Turns { get; init; }

        [CommandOption("--tokens <N>")]
        [Description("New tokens per turn.")]
        [DefaultValue(160)]
        public int Tokens { get; init; }

        [CommandOption("--case <TEXT>")]
        [Description("Only cases whose name begins so.")]
        [DefaultValue("")]
        public string Case { get; init; } = "";

        [CommandOption("--most <N>")]
        [Description("Most tokens guessed at once.")]
        [DefaultValue(32)]
        public int Most { get; init; }

        [CommandOption("--json <PATH>")]
        [Description("Write the results to this file too.")]
        public string? Json { get; init; }
    }

    /// <inheritdoc />
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        int threads = settings.Threads > 0 ? settings.Threads : Environment.ProcessorCount;
        var sizes = new EngineSettings { ModelPath = settings.Model, ContextLength = 2048, MaxSequences = 8, Threads = threads };
        LlamaExecutor executor = LlamaExecutor.Load(sizes, _ => { }, NullLoggerFactory.Instance, cancellationToken);
        var report = new SuiteReport<LookupRow>("lookup", $"{Path.GetFileName(settings.Model)}, {threads} threads, {settings.Turns} turns, medians");
        var engine = new InferenceEngine(executor, TimeProvider.System, NullLogger<InferenceEngine>.Instance);
        await using (engine.ConfigureAwait(false))
        {
            foreach (LookupCase one in LookupCase.All.Where(one => one.Name.StartsWith(settings.Case, StringComparison.Ordinal)))
            {
                LookupRow row = await MeasureAsync(engine, one, settings, cancellationToken).ConfigureAwait(false);
                // A whole run takes minutes: say what is known so far.
                AnsiConsole.MarkupLineInterpolated($"{row.Case}: {row.Result.Ratio:F3}");
                report.Add([row]);
            }
        }
        await report.PublishAsync(
            settings.Json,
            ("case", row => row.Case),
            ("off, tokens/s", row => $"{row.Result.Baseline:F1}"),
            ("on, tokens/s", row => $"{row.Result.Subject:F1}"),
            ("ratio", row => $"{row.Result.Ratio:F3}"),
            ("lowest", row => $"{row.Result.Lowest:F3}"),
            ("highest", row => $"{row.Result.Highest:F3}"),
            ("drafted", row => $"{row.Drafted}"),
            ("accepted", row => $"{row.Accepted}"),
            ("same tokens", row => $"{row.Same} of {row.Tokens}")).ConfigureAwait(false);
        return 0;
    }

    private static async Task<LookupRow> MeasureAsync(InferenceEngine engine, LookupCase one, Settings settings, CancellationToken cancellationToken)
    {
        Run off = default;
        Run on = default;
        var lookup = new PromptLookupSettings { MaxTokens = settings.Most };
        PairedRatio result = await PairedRatio.MeasureAsync(
            settings.Turns,
            async () => (off = await RunAsync(engine, one, settings.Tokens, null).ConfigureAwait(false)).Speed,
            async () => (on = await RunAsync(engine, one, settings.Tokens, lookup).ConfigureAwait(false)).Speed,
            cancellationToken).ConfigureAwait(false);
        int same = off.Tokens.AsSpan().CommonPrefixLength(on.Tokens);
        return new LookupRow(one.Name, result, on.Usage.DraftedTokens, on.Usage.AcceptedTokens, same, settings.Tokens);
    }

    private static async Task<Run> RunAsync(InferenceEngine engine, LookupCase one, int newTokens, PromptLookupSettings? lookup)
    {
        engine.Submit(new GenerationRequest
        {
            Id = Guid.NewGuid().ToString(),
            PromptTokens = engine.Tokenizer.Tokenize(one.Prompt, addSpecial: false, parseSpecial: true),
            Sampling = one.Sampling,
            Seed = 1,
            Stop = new() { MaxNewTokens = newTokens, EosTokenIds = [] },
            PromptLookup = lookup,
        });
        List<int> tokens = [];
        while (true)
        {
            StepEvents step = await engine.Events.ReadAsync().ConfigureAwait(false);
            foreach (SequenceEvent sequence in step.Sequences)
            {
                tokens.AddRange(sequence.Tokens.Select(token => token.Id));
                if (sequence.Finish is not { } finish)
                    continue;
                // A measurement of something that did other work would be worthless.
                if (tokens.Count != newTokens)
                    throw new InvalidOperationException($"The sequence ended by {finish.Reason} after {tokens.Count} tokens: {finish.Error}");
                return new Run([.. tokens], finish.Usage, (newTokens - 1) / finish.Usage.Decode.TotalSeconds);
            }
        }
    }

    /// <summary>What one run came to; the speed is that of all tokens but the first.</summary>
    private readonly record struct Run(int[] Tokens, SequenceUsage Usage, double Speed);
}

/// <summary>One case, without and with guesses.</summary>
/// <param name="Case">Its name.</param>
/// <param name="Result">Both speeds in tokens per second, and their ratio.</param>
/// <param name="Drafted">Tokens guessed in the last run.</param>
/// <param name="Accepted">Of these, those that were right.</param>
/// <param name="Same">Leading tokens that the last runs have in common. Kernels round differently for batches of different sizes.</param>
/// <param name="Tokens">New tokens of a run.</param>
internal sealed record LookupRow(string Case, PairedRatio Result, int Drafted, int Accepted, int Same, int Tokens);
