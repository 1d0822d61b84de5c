using LlamaHost.Server.Binding;
using static LlamaHost.Server.Generate.Parameters.Rows;

namespace LlamaHost.Server.Generate.Parameters;

/// <summary>What shapes the distribution that tokens are drawn from.</summary>
internal static class WarperParameters
{
    // The largest fraction below 1 that is written out in full.
    private const double BelowOne = 0.999999;

    /// <summary>The rows.</summary>
    public static IReadOnlyList<GenerateParameter> Rows { get; } =
    [
        WhenSampling(Row("temperature", new NumberShape(LeastFactor, 1000, orZero: true), (request, value) => request.Temperature = value,
            "Divides the logits: below 1 likely tokens gain, above 1 unlikely ones. 0 means greedy search, and is refused with do_sample true.",
            new() { Default = 1, HuggingFace = "TemperatureLogitsWarper" }) with
                { WorksWithChoices = true, Setting = request => request.Engine.Sampling.Temperature }),
        WhenSampling(Setting("top_k", new IntegerShape(0), s => s.TopK, (s, value) => s with { TopK = value },
            "Keep the k most likely tokens, and those as likely as the k-th. 0 is off.",
            new() { HuggingFace = "TopKLogitsWarper" }) with { Setting = request => request.Engine.Sampling.TopK }),
        WhenSampling(Setting("top_p", new NumberShape(LeastFactor, 1), s => s.TopP, (s, value) => s with { TopP = value },
            "Keep the most likely tokens whose probabilities together reach this. 1 is off.",
            new() { HuggingFace = "TopPLogitsWarper" }) with { Setting = request => request.Engine.Sampling.TopP }),
        WhenSampling(Setting("min_p", new NumberShape(0, 1), s => s.MinP, (s, value) => s with { MinP = value },
            "Keep tokens at least this fraction as likely as the most likely one. 0 is off.",
            new() { HuggingFace = "MinPLogitsWarper" }) with { Setting = request => request.Engine.Sampling.MinP }),
        WhenSampling(Setting("top_h", new NumberShape(0, 1), s => s.TopH, (s, value) => s with { TopH = value },
            "Keep the most likely tokens, of the first hundred, whose share of the entropy stays within this part of it. 0 is off.",
            new() { HuggingFace = "TopHLogitsWarper" })),
        WhenSampling(Setting("typical_p", new NumberShape(LeastFactor, 1), s => s.TypicalP, (s, value) => s with { TypicalP = value },
            "Keep the tokens whose information is nearest to the entropy, until their probabilities reach this. 1 is off.",
            new() { HuggingFace = "TypicalLogitsWarper" })),
        WhenSampling(Setting("epsilon_cutoff", new NumberShape(0, BelowOne), s => s.EpsilonCutoff, (s, value) => s with { EpsilonCutoff = value },
            "Keep tokens of at least this probability. 0 is off.",
            new() { HuggingFace = "EpsilonLogitsWarper" })),
        WhenSampling(Setting("eta_cutoff", new NumberShape(0, BelowOne), s => s.EtaCutoff, (s, value) => s with { EtaCutoff = value },
            "Keep tokens of at least a probability that falls with the entropy: the smaller of this, and its square root times e to "
            + "the power of minus the entropy. 0 is off.",
            new() { HuggingFace = "EtaLogitsWarper" })),
    ];
}
