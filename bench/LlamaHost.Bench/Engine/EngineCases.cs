using LlamaHost.Bench.Measurement;

namespace LlamaHost.Bench.Engine;

/// <summary>The pieces of work that the suite measures. An engine is used for one of them alone, so that rows don't depend on their order.</summary>
/// <param name="raw">What is compared with.</param>
/// <param name="vocabulary">Token ids of the model.</param>
/// <param name="turns">How often each is measured in both ways.</param>
/// <param name="steps">Decode steps per turn.</param>
internal sealed class EngineCases(RawLoop raw, int vocabulary, int turns, int steps)
{
    private const int PromptLength = 16;
    private const string RawLoopName = "raw loop";

    private readonly Random _random = new(1);

    /// <summary>Decode steps of a number of sequences.</summary>
    public async Task<RatioRow> DecodeAsync(EngineRunner engine, int batch, CancellationToken cancellationToken)
    {
        Func<int[][]> prompts = SamePrompts(batch);
        PairedRatio result = await PairedRatio.MeasureAsync(
            turns,
            () => Task.FromResult(Check(raw.Decode(prompts(), steps), batch)),
            async () => Check(await engine.DecodeAsync(prompts(), steps).ConfigureAwait(false), batch),
            cancellationToken).ConfigureAwait(false);
        return new RatioRow($"decode, batch {batch}", RawLoopName, engine.KeptTokens, result);
    }

    /// <summary>The computation of a prompt.</summary>
    public async Task<RatioRow> PrefillAsync(EngineRunner engine, int length, CancellationToken cancellationToken)
    {
        PairedRatio result = await PairedRatio.MeasureAsync(
            turns,
            () => Task.FromResult(raw.Prefill(Prompt(length))),
            () => engine.PrefillAsync(Prompt(length)),
            cancellationToken).ConfigureAwait(false);
        return new RatioRow($"prefill, {length} tokens", RawLoopName, engine.KeptTokens, result);
    }

    /// <summary>Steps of one request's beams against decode steps of as many sequences of the raw loop.</summary>
    public async Task<RatioRow> BeamsAgainstRawAsync(EngineRunner engine, int beams, CancellationToken cancellationToken)
    {
        PairedRatio result = await PairedRatio.MeasureAsync(
            turns,
            () => Task.FromResult(Check(raw.Decode(Prompts(beams), steps), beams)),
            () => BeamsAsync(engine, beams),
            cancellationToken).ConfigureAwait(false);
        return new RatioRow($"{beams} beams", $"{RawLoopName}, batch {beams}", engine.KeptTokens, result);
    }

    /// <summary>Steps of one request's beams against decode steps of as many sequences of the same engine.</summary>
    public async Task<RatioRow> BeamsAgainstSequencesAsync(EngineRunner engine, int beams, CancellationToken cancellationToken)
    {
        PairedRatio result = await PairedRatio.MeasureAsync(
            turns,
            async () => Check(await engine.DecodeAsync(Prompts(beams), steps).ConfigureAwait(false), beams),
            () => BeamsAsync(engine, beams),
            cancellationToken).ConfigureAwait(false);
        return new RatioRow($"{beams} beams", $"engine, batch {beams}", engine.KeptTokens, result);
    }

    private async Task<double> BeamsAsync(EngineRunner engine, int beams) =>
        Check(await engine.BeamsAsync(Prompt(PromptLength), beams, steps).ConfigureAwait(false), sequences: 1);

    private int[] Prompt(int length) => [.. Enumerable.Range(0, length).Select(_ => _random.Next(100, vocabulary))];

    private int[][] Prompts(int count) => [.. Enumerable.Range(0, count).Select(_ => Prompt(PromptLength))];

    // New ones in every turn, or the engine would find them in its cache; the same for both within a turn, whoever goes first.
    private Func<int[][]> SamePrompts(int count)
    {
        int[][] prompts = [];
        int calls = 0;
        return () => calls++ % 2 == 0 ? prompts = Prompts(count) : prompts;
    }

    // A measurement of something that did other work would be worthless.
    private double Check((int[][] Tokens, double Speed) run, int sequences)
    {
        if (run.Tokens.Length != sequences || run.Tokens.Any(tokens => tokens.Length != steps + 1))
            throw new InvalidOperationException("Not every sequence has all its tokens.");
        return run.Speed;
    }
}
