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
    private delegate Task<RatioRow> Measure(EngineRunner engine, int size, CancellationToken cancellationToken);

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
        [Description("Sequences decoded together; may be given several times. 0: none.")]
        [DefaultValue(new[] { 1, 4, 8, 16, 32 })]
        public int[] Batches { get; init; } = [];

        [CommandOption("--beams <N>")]
        [Description("Beams of one request, against as many sequences; may be given several times. 0: none.")]
        [DefaultValue(new[] { 4 })]
        public int[] Beams { get; init; } = [];

        [CommandOption("--prefill <N>")]
        [Description("Tokens of a prompt; may be given several times. 0: none.")]
        [DefaultValue(new[] { 128, 512, 2048, 4096 })]
        public int[] Prefills { get; init; } = [];

        [CommandOption("--steps <N>")]
        [Description("Decode steps per turn.")]
        [DefaultValue(48)]
        public int Steps { get; init; }

        [CommandOption("--json <PATH>")]
        [Description("Write the results to this file too.")]
        public string? Json { get; init; }
    }

    /// <inheritdoc />
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        DateTimeOffset started = TimeProvider.System.GetUtcNow();
        EngineSettings sizes = Sizes(settings);
        using var runtime = LlamaRuntime.Open(null, NullLogger.Instance);
        using var model = LlamaModel.Load(runtime, settings.Model, new LlamaModelOptions(), null, cancellationToken);
        using var raw = new RawLoop(model, sizes);
        var cases = new EngineCases(raw, model.Vocabulary.Count, settings.Turns, settings.Steps);
        IEnumerable<(Measure Measure, int Size)> wanted =
        [
            .. settings.Batches.Select(batch => ((Measure)cases.DecodeAsync, batch)),
            .. settings.Beams.SelectMany(beams => new[] { ((Measure)cases.BeamsAgainstRawAsync, beams), (cases.BeamsAgainstSequencesAsync, beams) }),
            .. settings.Prefills.Select(length => ((Measure)cases.PrefillAsync, length)),
        ];
        List<RatioRow> rows = [];
        foreach ((Measure measure, int size) in wanted.Where(one => one.Size > 0))
        {
            var engine = new EngineRunner(LlamaExecutor.Load(sizes, _ => { }, NullLoggerFactory.Instance, cancellationToken));
            await using (engine.ConfigureAwait(false))
                rows.Add(await measure(engine, size, cancellationToken).ConfigureAwait(false));
            // A whole run takes minutes: say what is known so far.
            AnsiConsole.MarkupLineInterpolated($"{rows[^1].Case} against {rows[^1].Against}: {rows[^1].Result.Ratio:F3}");
        }
        var report = new RatioReport(
            "engine", Path.GetFileName(settings.Model), sizes.Threads, runtime.Version, settings.Turns, started, rows);
        report.Print(AnsiConsole.Console);
        if (settings.Json is { } path)
            await report.WriteAsync(path, cancellationToken).ConfigureAwait(false);
        return 0;
    }

    // The longest prompt has its first token after it.
    private static EngineSettings Sizes(Settings settings) => new()
    {
        ModelPath = settings.Model,
        ContextLength = Math.Max(4096, settings.Prefills.DefaultIfEmpty().Max() + 1),
        KvCells = 8192,
        MaxSequences = 64,
        BatchTokens = 512,
        Threads = settings.Threads > 0 ? settings.Threads : Environment.ProcessorCount,
    };
}
