using System.Text.Json.Nodes;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Binding;
using static LlamaHost.Server.Generate.Parameters.Rows;

namespace LlamaHost.Server.Generate.Parameters;

/// <summary>What changes the scores whatever the strategy.</summary>
internal static class ProcessorParameters
{
    private const int LongestNgram = 1024;

    /// <summary>The rows.</summary>
    public static IReadOnlyList<GenerateParameter> Rows { get; } =
    [
        Setting("repetition_penalty", new NumberShape(LeastFactor, 1000), s => s.RepetitionPenalty,
            (s, value) => s with { RepetitionPenalty = value },
            "Divides positive and multiplies negative logits of every token that occurs in prompt or continuation. Applies to "
            + "greedy search too; 1 is off.",
            new() { HuggingFace = "RepetitionPenaltyLogitsProcessor", OtherNames = ["repeat_penalty"] }) with
            { Setting = request => request.Engine.Sampling.RepetitionPenalty },
        Setting("encoder_repetition_penalty", new NumberShape(LeastFactor, 1000), s => s.EncoderRepetitionPenalty,
            (s, value) => s with { EncoderRepetitionPenalty = value },
            "The inverse, for tokens of the prompt: above 1 they gain. 1 is off.",
            new() { HuggingFace = "EncoderRepetitionPenaltyLogitsProcessor", OtherNames = ["hallucination_penalty"] }),
        Setting("no_repeat_ngram_size", new IntegerShape(0, LongestNgram), s => s.NoRepeatNgramSize,
            (s, value) => s with { NoRepeatNgramSize = value },
            "No sequence of this many tokens occurs twice in prompt and continuation. 0 is off.",
            new() { HuggingFace = "NoRepeatNGramLogitsProcessor" }),
        Setting("encoder_no_repeat_ngram_size", new IntegerShape(0, LongestNgram), s => s.EncoderNoRepeatNgramSize,
            (s, value) => s with { EncoderNoRepeatNgramSize = value },
            "No sequence of this many tokens of the prompt occurs in the continuation. 0 is off.",
            new() { HuggingFace = "EncoderNoRepeatNGramLogitsProcessor" }),
        Row("exponential_decay_length_penalty", new PairShape<int, float>("[start, factor]", new IntegerShape(0), new NumberShape(LeastFactor, 1000)),
            (request, value) =>
                request.Sampling = request.Sampling with { ExponentialDecayLengthPenalty = new ExponentialDecay(value.First, value.Second) },
            "After start new tokens the end tokens' scores grow: the size of the score times (factor to the power of the tokens "
            + "since then, less 1) is added.",
            new() { HuggingFace = "ExponentialDecayLengthPenalty" }) with
            { Setting = request => request.Engine.Sampling.ExponentialDecayLengthPenalty is { } decay
                ? new JsonArray(decay.Start, decay.Factor)
                : null },
        Setting("guidance_scale", new NumberShape(-LargestBias, LargestBias), s => s.GuidanceScale, (s, value) => s with { GuidanceScale = value },
            "Classifier-free guidance: how far the scores move from those that follow negative_prompt to those that follow the "
            + "prompt. 1 is off. Refused with num_beams.",
            new() { HuggingFace = "UnbatchedClassifierFreeGuidanceLogitsProcessor" }),
        Row("negative_prompt", new TextShape(), (request, value) => request.NegativePrompt = value,
            "The prompt that guidance_scale leads away from.",
            new() { LeftOut = "the prompt's last token", HuggingFace = "negative_prompt_ids" }) with
            { Setting = request => request.Engine.Sampling.GuidanceScale != 1 ? request.Sent.NegativePrompt : null },
        Setting("remove_invalid_values", new BooleanShape(), s => s.RemoveInvalidValues, (s, value) => s with { RemoveInvalidValues = value },
            "Replace scores that are not numbers by 0, and infinite ones by the largest numbers. Without it a sequence fails that has no score left.",
            new() { HuggingFace = "InfNanRemoveLogitsProcessor" }),
        Setting("renormalize_logits", new BooleanShape(), s => s.RenormalizeLogits, (s, value) => s with { RenormalizeLogits = value },
            "Normalise the scores after everything else. Changes the scores of beams alone.",
            new() { HuggingFace = "LogitNormalization" }),
    ];
}
