using System.ComponentModel;
using LlamaHost.Bench.Measurement;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Native;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;
using Spectre.Console.Cli;

namespace LlamaHost.Bench.Engine;

/// <summary>The engine against a raw llama.cpp loop on the same batch shapes, in one run.</summary>
internal sealed class EngineSuite : AsyncCommand<EngineSuite.Settings>
{
    private const int PromptLength = 16;

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

        [CommandOption("--batch <N>")]
        [Description("Sequences decoded together; may be given several times.")]
        [DefaultValue(new[] { 1, 8, 32 })]
        public int[] Batches { get; init; } = [];

        [CommandOption("--prefill <N>")]
        [Description("Tokens of a prompt; may be given several times.")]
        [DefaultValue(new[] { 512, 2048 })]
        public int[] Prefills { get; init; } = [];

        [CommandOption("--steps <N>")]
        [Description("Decode steps per turn.")]
        [DefaultValue(48)]
        public int Steps { get; init; }
    }

    /// <inheritdoc />
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        int threads = settings.Threads > 0 ? settings.Threads : Environment.ProcessorCount;
        var sizes = new EngineSettings { ModelPath = settings.Model, ContextLength = 4096, KvCells = 8192, MaxSequences = 64, BatchTokens = 512, Threads = threads };
        using var runtime = LlamaRuntime.Open(null, NullLogger.Instance);
        using var model = LlamaModel.Load(runtime, settings.Model, new LlamaModelOptions(), null, cancellationToken);
        using var raw = new RawLoop(model, sizes);
        var engine = new EngineRunner(LlamaExecutor.Load(sizes, _ => { }, NullLoggerFactory.Instance, cancellationToken));
        await using (engine.ConfigureAwait(false))
        {
            var random = new Random(1);
            int vocabulary = model.Vocabulary.Count;
            int[] Prompt(int length) => [.. Enumerable.Range(0, length).Select(_ => random.Next(100, vocabulary))];
            var table = new Table().AddColumns("case", "raw loop, tokens/s", "engine, tokens/s", "ratio", "lowest", "highest");
            foreach (int batch in settings.Batches)
            {
                int[][] prompts = [];
                // The raw loop goes first or second in turn; either way both get the same prompts within a turn.
                int calls = 0;
                int[][] NextPrompts() => calls++ % 2 == 0 ? prompts = [.. Enumerable.Range(0, batch).Select(_ => Prompt(PromptLength))] : prompts;
                PairedRatio result = await PairedRatio.MeasureAsync(
                    settings.Turns,
                    () => Task.FromResult(Check(raw.Decode(NextPrompts(), settings.Steps), batch, settings.Steps)),
                    async () => Check(await engine.DecodeAsync(NextPrompts(), settings.Steps).ConfigureAwait(false), batch, settings.Steps)).ConfigureAwait(false);
                AddRow(table, $"decode, batch {batch}", result);
            }
            foreach (int length in settings.Prefills)
            {
                PairedRatio result = await PairedRatio.MeasureAsync(
                    settings.Turns, () => Task.FromResult(raw.Prefill(Prompt(length))), () => engine.PrefillAsync(Prompt(length))).ConfigureAwait(false);
                AddRow(table, $"prefill, {length} tokens", result);
            }
            AnsiConsole.MarkupLineInterpolated($"{Path.GetFileName(settings.Model)}, {threads} threads, llama.cpp {runtime.Version}, {settings.Turns} turns, medians");
            AnsiConsole.Write(table);
        }
        return 0;
    }

    // A measurement of something that did other work would be worthless.
    private static double Check((int[][] Tokens, double Speed) run, int sequences, int steps)
    {
        if (run.Tokens.Length != sequences || run.Tokens.Any(tokens => tokens.Length != steps + 1))
            throw new InvalidOperationException("Not every sequence has all its tokens.");
        return run.Speed;
    }

    private static void AddRow(Table table, string name, PairedRatio result)
    {
        // A whole run takes minutes: say what is known so far.
        AnsiConsole.MarkupLineInterpolated($"{name}: {result.Ratio:F3}");
        table.AddRow(
            name, $"{result.Baseline:F1}", $"{result.Subject:F1}", $"{result.Ratio:F3}", $"{result.Lowest:F3}", $"{result.Highest:F3}");
    }
}
