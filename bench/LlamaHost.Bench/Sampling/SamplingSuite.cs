using System.ComponentModel;
using System.Diagnostics;
using LlamaHost.Bench.Measurement;
using LlamaHost.Engine.Sampling;
using Spectre.Console.Cli;

namespace LlamaHost.Bench.Sampling;

/// <summary>What choosing one token costs, by setting, vocabulary and shape of the distribution. No model is needed.</summary>
internal sealed class SamplingSuite : AsyncCommand<SamplingSuite.Settings>
{
    // Different rows in turn, as in a batch: one row alone would stay in the nearest cache and teach the branch predictor its draws.
    private const int Rows = 8;
    private const int PromptLength = 500;
    private const int HistoryLength = 2000;

    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--vocabulary <N>")]
        [Description("Number of token ids; may be given several times.")]
        [DefaultValue(new[] { 49_152, 128_256 })]
        public int[] Vocabularies { get; init; } = [];

        [CommandOption("--case <TEXT>")]
        [Description("Only the settings whose name contains this.")]
        public string Case { get; init; } = "";

        [CommandOption("--turns <N>")]
        [Description("Rounds of measurement, of which the median counts.")]
        [DefaultValue(15)]
        public int Turns { get; init; }

        [CommandOption("--json <PATH>")]
        [Description("Write the results to this file too.")]
        public string? Json { get; init; }
    }

    private sealed record Shape(string Name, float[][] Rows);

    private sealed record Cost(int Vocabulary, string Shape, double MicrosecondsPerToken, long BytesPerToken);

    private sealed record Row(string Setting, IReadOnlyList<Cost> Costs);

    /// <inheritdoc />
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var report = new SuiteReport<Row>("sampling", $"µs per token, {settings.Turns} turns, medians");
        Shape[] shapes = [.. settings.Vocabularies.SelectMany(Shapes)];
        foreach (SamplingCase one in SamplingCase.All.Where(one => one.Name.Contains(settings.Case, StringComparison.Ordinal)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            report.Add([new Row(one.Name, [.. shapes.Select(shape => Measure(one, shape, settings.Turns))])]);
        }
        await report.PublishAsync(settings.Json, [("setting", row => row.Setting), .. shapes.Select(Column), ("bytes", Bytes)]).ConfigureAwait(false);
        return 0;
    }

    private static (string, Func<Row, string>) Column(Shape shape, int index) =>
        ($"{shape.Rows[0].Length:N0} {shape.Name}", row => $"{row.Costs[index].MicrosecondsPerToken:F1}");

    private static string Bytes(Row row) => $"{row.Costs.Max(cost => cost.BytesPerToken)}";

    private static IEnumerable<Shape> Shapes(int vocabulary)
    {
        var random = new Random(vocabulary);
        yield return new Shape("peaked", [.. Enumerable.Range(0, Rows).Select(_ => LogitRows.Peaked(random, vocabulary))]);
        yield return new Shape("flat", [.. Enumerable.Range(0, Rows).Select(_ => LogitRows.Flat(random, vocabulary))]);
    }

    private static Cost Measure(SamplingCase one, Shape shape, int turns)
    {
        int vocabulary = shape.Rows[0].Length;
        var run = new Run(one, shape, vocabulary);
        // Until the compiler has replaced its first code by its best; then a turn's share of the time.
        RunFor(run, TimeSpan.FromMilliseconds(300));
        int perTurn = Math.Max(Rows, RunFor(run, TimeSpan.FromMilliseconds(200)) / 10);
        double[] times = new double[turns];
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int turn = 0; turn < turns; turn++)
        {
            long start = Stopwatch.GetTimestamp();
            run.Draw(perTurn);
            times[turn] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / perTurn;
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Array.Sort(times);
        return new Cost(vocabulary, shape.Name, times[turns / 2], allocated / (turns * perTurn));
    }

    private static int RunFor(Run run, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        int calls = 0;
        while (Stopwatch.GetElapsedTime(start) < time)
            calls += run.Draw(Rows);
        return calls;
    }

    private sealed class Run(SamplingCase one, Shape shape, int vocabulary)
    {
        private readonly TokenSampler _sampler = new(vocabulary);
        private readonly SamplingPipeline _pipeline = one.Pipeline(vocabulary);
        private readonly MirostatState? _mirostat = one.Settings.Mirostat is { } settings ? new MirostatState(settings) : null;
        private readonly int[] _history = History(vocabulary);
        private ulong _seed;

        public int Draw(int count)
        {
            for (int i = 0; i < count; i++)
            {
                var history = new TokenHistory(_history, PromptLength, _history.AsSpan(0, PromptLength));
                int token = _sampler.Choose(shape.Rows[i % Rows], _pipeline, history, new RandomStream(_seed++), _mirostat);
                if (token < 0)
                    throw new InvalidOperationException("No token could be chosen.");
            }
            return count;
        }

        // Like text: some tokens occur over and over.
        private static int[] History(int vocabulary)
        {
            var random = new Random(1);
            return [.. Enumerable.Range(0, HistoryLength).Select(_ => (int)(vocabulary * Math.Pow(random.NextDouble(), 4)))];
        }
    }
}
