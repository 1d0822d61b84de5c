using System.ComponentModel;
using LlamaHost.Bench.Engine;
using LlamaHost.Bench.Measurement;
using LlamaHost.Bench.Servers;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Execution.Threads;
using LlamaHost.Engine.Requests;
using Microsoft.Extensions.Logging.Abstractions;
using Spectre.Console;
using Spectre.Console.Cli;

namespace LlamaHost.Bench.Threads;

/// <summary>
/// Streams with threads that adapt against each fixed number of threads: on an idle machine, beside busy loops, and idle again. The engines keep
/// running from one to the next, as a server would.
/// </summary>
internal sealed class ThreadsSuite : AsyncCommand<ThreadsSuite.Settings>
{
    private const int PromptLength = 16;

    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--model <PATH>")]
        [Description("GGUF file.")]
        [DefaultValue("models/SmolLM2-135M-Instruct.Q4_1.gguf")]
        public string Model { get; init; } = "";

        [CommandOption("--fixed <N>")]
        [Description("Fixed number of threads to compare with; may be given several times. Default: each up to the cores.")]
        public int[] Fixed { get; init; } = [];

        [CommandOption("--busy-loops <N>")]
        [Description("Processes that each keep a core busy.")]
        [DefaultValue(2)]
        public int BusyLoops { get; init; }

        [CommandOption("--streams <N>")]
        [Description("Sequences decoded together.")]
        [DefaultValue(1)]
        public int Streams { get; init; }

        [CommandOption("--turns <N>")]
        [Description("How often each is measured under each load, in turns.")]
        [DefaultValue(5)]
        public int Turns { get; init; }

        [CommandOption("--steps <N>")]
        [Description("Decode steps per turn.")]
        [DefaultValue(96)]
        public int Steps { get; init; }

        [CommandOption("--json <PATH>")]
        [Description("Write the results to this file too.")]
        public string? Json { get; init; }
    }

    private sealed record Row(string Load, string Threads, double FirstTurn, double Median, double Lowest, double Highest)
    {
        /// <summary>Median over that of the best fixed count under the same load.</summary>
        public double? OfBestFixed { get; init; }

        /// <summary>Threads at the end of each turn.</summary>
        public IReadOnlyList<int> Ends { get; init; } = [];
    }

    private sealed record Contender(string Name, LlamaExecutor Executor, EngineRunner Runner);

    /// <inheritdoc />
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        int[] counts = settings.Fixed.Length > 0 ? settings.Fixed : [.. Enumerable.Range(1, ProcessorCores.Count)];
        Contender[] contenders = [.. counts.Append(0).Select(threads => Load(settings, threads, cancellationToken))];
        try
        {
            var report = new SuiteReport<Row>("threads", $"tokens/s of {settings.Streams} streams, {settings.Turns} turns of {settings.Steps} steps");
            (string, int)[] loads = [("idle", 0), ($"{settings.BusyLoops} busy loops", settings.BusyLoops), ("idle again", 0)];
            foreach ((string name, int loops) in loads)
            {
                using var others = new BusyLoops(loops);
                report.Add(await MeasureAsync(name, contenders, settings, cancellationToken).ConfigureAwait(false));
                AnsiConsole.MarkupLineInterpolated($"{name}: measured");
            }
            await report.PublishAsync(
                settings.Json,
                ("load", row => row.Load), ("threads", row => row.Threads), ("first turn", row => $"{row.FirstTurn:F1}"),
                ("tokens/s", row => $"{row.Median:F1}"), ("lowest", row => $"{row.Lowest:F1}"), ("highest", row => $"{row.Highest:F1}"),
                ("of the best fixed", row => row.OfBestFixed is { } ratio ? $"{ratio:F3}" : ""),
                ("threads at the ends", row => string.Join(' ', row.Ends))).ConfigureAwait(false);
        }
        finally
        {
            foreach (Contender contender in contenders)
                await contender.Runner.DisposeAsync().ConfigureAwait(false);
        }
        return 0;
    }

    private static async Task<Row[]> MeasureAsync(string load, Contender[] contenders, Settings settings, CancellationToken cancellationToken)
    {
        var random = new Random(1);
        Dictionary<Contender, List<double>> speeds = contenders.ToDictionary(one => one, _ => new List<double>());
        Dictionary<Contender, List<int>> ends = contenders.ToDictionary(one => one, _ => new List<int>());
        for (int turn = 0; turn < settings.Turns; turn++)
        {
            int[][] prompts = [.. Enumerable.Range(0, settings.Streams).Select(_ => Prompt(random, contenders[0].Executor.Model.VocabularySize))];
            foreach (Contender one in contenders)
            {
                await ProcessRest.WaitAsync(cancellationToken).ConfigureAwait(false);
                (int[][] tokens, double speed) = await one.Runner.DecodeAsync(prompts, settings.Steps).ConfigureAwait(false);
                if (tokens.Any(log => log.Length != settings.Steps + 1))
                    throw new InvalidOperationException("Not every sequence has all its tokens.");
                speeds[one].Add(speed);
                ends[one].Add(settings.Streams == 1 ? one.Executor.Threads.Decode : one.Executor.Threads.Batch);
            }
        }
        double best = contenders[..^1].Max(one => Quantiles.Median(speeds[one]));
        return [.. contenders.Select(one => new Row(
            load, one.Name, speeds[one][0], Quantiles.Median(speeds[one]), speeds[one].Min(), speeds[one].Max())
        {
            OfBestFixed = one == contenders[^1] ? Quantiles.Median(speeds[one]) / best : null,
            Ends = one == contenders[^1] ? ends[one] : [],
        })];
    }

    private static int[] Prompt(Random random, int vocabulary) => [.. Enumerable.Range(0, PromptLength).Select(_ => random.Next(100, vocabulary))];

    private static Contender Load(Settings settings, int threads, CancellationToken cancellationToken)
    {
        var sizes = new EngineSettings
        {
            ModelPath = settings.Model,
            ContextLength = 2048,
            MaxSequences = Math.Max(8, settings.Streams),
            Threads = threads,
            PromptCacheMiB = 0,
        };
        var executor = LlamaExecutor.Load(sizes, _ => { }, NullLoggerFactory.Instance, cancellationToken);
        return new Contender(threads == 0 ? "adaptive" : $"{threads}", executor, new EngineRunner(executor));
    }
}
