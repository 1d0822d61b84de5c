using System.Text.Json.Nodes;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Generate.Rules;
using static LlamaHost.Server.Generate.Parameters.Rows;

namespace LlamaHost.Server.Generate.Parameters;

/// <summary>What llama.cpp's users know, under its names and with its formulas.</summary>
internal static class LlamaCppParameters
{
    private const int MostBreakers = 64;

    /// <summary>The rows.</summary>
    public static IReadOnlyList<GenerateParameter> Rows { get; } =
    [
        Setting("frequency_penalty", new NumberShape(-LargestBias, LargestBias), s => s.FrequencyPenalty,
            (s, value) => s with { FrequencyPenalty = value },
            "Taken from a token's logit for each time it occurs in the continuation. 0 is off."),
        Setting("presence_penalty", new NumberShape(-LargestBias, LargestBias), s => s.PresencePenalty,
            (s, value) => s with { PresencePenalty = value },
            "Taken from a token's logit if it occurs in the continuation. 0 is off."),
        .. Dry(),
        WhenSampling(Setting("top_n_sigma", new NumberShape(0, 1000), s => s.TopNSigma, (s, value) => s with { TopNSigma = value },
            "Keep tokens whose logit is within this many standard deviations of the largest. 0 is off.")),
        WhenSampling(Row("xtc_probability", new NumberShape(0, 1), (request, value) => request.XtcProbability = value,
            "How often the most likely tokens are left out: all of at least xtc_threshold but the least likely of them. 0 is off.",
            new() { Default = 0 }) with
            { Setting = request => request.Engine.Sampling.Xtc?.Probability }),
        WhenSampling(Row("xtc_threshold", new NumberShape(LeastFactor, 0.5), (request, value) => request.XtcThreshold = value,
            "Probability from which a token may be left out by xtc_probability.", new() { Default = LlamaCppRule.XtcThreshold }) with
            { Setting = request => request.Engine.Sampling.Xtc?.Threshold }),
        WhenSampling(Setting("dynatemp_range", new NumberShape(0, 1000), s => s.DynamicTemperatureRange,
            (s, value) => s with { DynamicTemperatureRange = value },
            "The temperature moves by up to this much around temperature, with the entropy. 0 is off.")),
        WhenSampling(Setting("dynatemp_exponent", new NumberShape(LeastFactor, 1000), s => s.DynamicTemperatureExponent,
            (s, value) => s with { DynamicTemperatureExponent = value },
            "How the entropy acts on the temperature, with dynatemp_range.")),
        .. Mirostat(),
    ];

    private static GenerateParameter[] Dry() =>
    [
        Row("dry_multiplier", new NumberShape(0, 1000), (request, value) => request.DryMultiplier = value,
            "Penalty of the token that would lengthen a repetition: this times dry_base to the power of the repetition's length "
            + "less dry_allowed_length. 0 is off.",
            new() { Default = 0 }) with { Setting = request => request.Engine.Sampling.Dry?.Multiplier },
        Row("dry_base", new NumberShape(1, 1000), (request, value) => request.DryBase = value,
            "Base of that power.", new() { Default = LlamaCppRule.DryBase }) with { Setting = request => request.Engine.Sampling.Dry?.Base },
        Row("dry_allowed_length", new IntegerShape(0), (request, value) => request.DryAllowedLength = value,
            "Repetitions of up to this many tokens are free.", new() { Default = LlamaCppRule.DryAllowedLength }) with
            { Setting = request => request.Engine.Sampling.Dry?.AllowedLength },
        Row("dry_penalty_last_n", new IntegerShape(-1), (request, value) => request.DryPenaltyLastN = value,
            "Tokens looked back at for a repetition. -1 means all, 0 none.", new() { Default = -1 }) with
            { Setting = request => request.Engine.Sampling.Dry?.PenaltyLastN },
        Row("dry_sequence_breakers", new ListShape<string>(new TextShape(1, 40), 0, MostBreakers),
            (request, value) => request.DrySequenceBreakers = value,
            "Texts that no repetition reaches across, as they are tokenised within a text.",
            new() { Default = new JsonArray([.. LlamaCppRule.DrySequenceBreakers.Select(one => JsonValue.Create(one))]) }) with
            { Setting = request => request.Engine.Sampling.Dry is null ? null : Texts(request.Sent.EffectiveDryBreakers) },
    ];

    private static GenerateParameter[] Mirostat() =>
    [
        WhenSampling(Row("mirostat", new ChoiceShape<int>(("0", 0), ("2", 2)), (request, value) => request.Mirostat = value,
            "2: steer the tokens' information to mirostat_tau, instead of every warper that truncates. Refused with num_beams. "
            + "llama.cpp's mirostat 1 is not supported: "
            + "it needs the whole vocabulary sorted, for the same aim.", new() { Default = 0 }) with
            { Setting = request => request.Engine.Sampling.Mirostat is null ? null : 2 }),
        WhenSampling(Row("mirostat_tau", new NumberShape(LeastFactor, 100), (request, value) => request.MirostatTau = value,
            "Information that mirostat aims at, in bits per token.", new() { Default = LlamaCppRule.MirostatTau }) with
            { Setting = request => request.Engine.Sampling.Mirostat?.Tau }),
        WhenSampling(Row("mirostat_eta", new NumberShape(LeastFactor, 1), (request, value) => request.MirostatEta = value,
            "How fast mirostat learns.", new() { Default = LlamaCppRule.MirostatEta }) with
            { Setting = request => request.Engine.Sampling.Mirostat?.Eta }),
    ];
}
