using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Sampling;

namespace LlamaHost.Bench.Sampling;

/// <summary>A setting whose cost is measured.</summary>
/// <param name="Name">As the table has it.</param>
/// <param name="Settings">The request's settings.</param>
internal sealed record SamplingCase(string Name, SamplingSettings Settings)
{
    private static readonly SamplingSettings Drawn = new() { DoSample = true, TopK = 0 };

    /// <summary>What people set, and every processor and warper once on its own.</summary>
    public static IReadOnlyList<SamplingCase> All { get; } =
    [
        new("greedy", SamplingSettings.Greedy),
        new("temperature 1", Drawn),
        new("temperature 0.7", Drawn with { Temperature = 0.7f }),
        new("temperature 1, top_p 0.95", Drawn with { TopP = 0.95f }),
        new("temperature 0.7, top_k 50, top_p 0.9", Drawn with { Temperature = 0.7f, TopK = 50, TopP = 0.9f }),
        new("top_k 50", Drawn with { TopK = 50 }),
        new("top_k 1000", Drawn with { TopK = 1000 }),
        new("min_p 0.05", Drawn with { MinP = 0.05f }),
        new("typical_p 0.9", Drawn with { TypicalP = 0.9f }),
        new("top_h 0.4", Drawn with { TopH = 0.4f }),
        new("epsilon_cutoff 3e-4", Drawn with { EpsilonCutoff = 3e-4f }),
        new("eta_cutoff 3e-4", Drawn with { EtaCutoff = 3e-4f }),
        new("top_n_sigma 1", Drawn with { TopNSigma = 1 }),
        new("dynatemp_range 0.5", Drawn with { DynamicTemperatureRange = 0.5f }),
        new("xtc 0.5, 0.1", Drawn with { Xtc = new XtcSettings(0.5f, 0.1f) }),
        new("mirostat 5, 0.1", Drawn with { Mirostat = new MirostatSettings(5, 0.1f) }),
        new("greedy, repetition_penalty 1.1", new() { RepetitionPenalty = 1.1f }),
        new("greedy, frequency_penalty 0.5", new() { FrequencyPenalty = 0.5f, PresencePenalty = 0.5f }),
        new("greedy, no_repeat_ngram_size 3", new() { NoRepeatNgramSize = 3 }),
        new("greedy, dry 0.8", new() { Dry = new DrySettings(0.8f, 1.75f, 2, -1, [[198], [25], [34, 35]]) }),
        new("greedy, remove_invalid_values", new() { RemoveInvalidValues = true }),
    ];

    /// <summary>Its processors and warpers.</summary>
    /// <param name="vocabulary">Number of token ids.</param>
    public SamplingPipeline Pipeline(int vocabulary) =>
        new(new PipelineContext(Settings, MinNewTokens: 0, int.MaxValue, EosTokens: [2], StopTokens: [], IsBeamSearch: false, vocabulary));
}
