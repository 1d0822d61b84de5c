using System.Text.Json.Nodes;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Generate.Rules;
using static LlamaHost.Server.Generate.Parameters.Rows;

namespace LlamaHost.Server.Generate.Parameters;

/// <summary>How many sequences there are, and how they are searched for.</summary>
internal static class StrategyParameters
{
    /// <summary>Most beams of one prompt.</summary>
    private const int MaxBeams = 256;

    private const int MaxChoices = 1024;

    // A sequence's length to this power leaves no double's range.
    private const double LargestLengthPenalty = 50;

    /// <summary>The rows.</summary>
    public static IReadOnlyList<GenerateParameter> Rows { get; } =
    [
        Row("num_return_sequences", new IntegerShape(1, 4096), (request, value) => request.NumReturnSequences = value,
            "Continuations of each prompt: independent ones, or the best of its beams, at most num_beams. The prompt is computed "
            + "once for all of them.",
            new() { Default = 1, HuggingFace = "num_return_sequences", OtherNames = ["n", "best_of"] }) with
            { WorksWithChoices = true, Setting = request => request.Engine.SequenceCount },
        Row("do_sample", new BooleanShape(), (request, value) => request.DoSample = value,
            "Draw each token from the model's distribution (true), or always take the most likely one (false). With num_beams, draw "
            + "the beams or take the best ones.",
            new()
            {
                LeftOut = "true if a parameter of sampling (a warper, or one of llama.cpp's) is given, or num_return_sequences is above 1 without "
                    + "beams; else false",
                HuggingFace = "do_sample",
            }) with { WorksWithChoices = true, Setting = request => request.Engine.Sampling.DoSample },
        Row("seed", new UnsignedShape(), (request, value) => request.Seed = value,
            "Makes sampling repeatable: the same request with the same seed gives the same tokens, whatever else runs. Sequence i is the same "
            + "for any num_return_sequences above i, and a prompt's sequences are the same alone and among other prompts.",
            new() { LeftOut = "a random one, which the answer names", HuggingFace = "set_seed()", OtherNames = ["random_seed"] }) with
            { WorksWithChoices = true, Setting = request => request.Engine.Seed },
        Row("num_beams", new IntegerShape(1, MaxBeams), (request, value) => request.NumBeams = value,
            "Beams of each prompt, the likeliest of which go on at each step. 1 is no beam search.",
            new() { Default = 1, HuggingFace = "num_beams", OtherNames = ["beam_width", "beam_size", "use_beam_search"] }) with
            { Setting = request => request.Engine.Beams?.Count },
        Row("early_stopping",
            new ChoiceShape<EarlyStopping>(("true", EarlyStopping.WhenFull), ("false", EarlyStopping.Heuristic), ("\"never\"", EarlyStopping.Never)),
            (request, value) => request.EarlyStopping = value,
            "When a beam search ends: as soon as there are num_beams finished sequences (true), when a better one is not to be "
            + "expected (false), or when there can't be one (\"never\").",
            new() { Default = false, HuggingFace = "early_stopping" }) with
            { Effect = ParameterEffect.BeamSearch, Setting = request => EarlyStoppingOf(request.Engine.Beams) },
        Row("length_penalty", new NumberShape(-LargestLengthPenalty, LargestLengthPenalty), (request, value) => request.LengthPenalty = value,
            "Power of the new tokens' number that a beam's log-probability is divided by: above 0 long sequences gain, below 0 short ones.",
            new() { Default = 1, HuggingFace = "length_penalty" }) with
            { Effect = ParameterEffect.BeamSearch, Setting = request => request.Engine.Beams?.LengthPenalty },
        Row("choices", new ListShape<string>(new TextShape(1, 1000), 1, MaxChoices), (request, value) => request.Choices = value,
            "Texts of which the answer is exactly one: the most likely one after the prompt, or with do_sample one drawn by their "
            + "probabilities, which are given as well. "
            + "Nothing is generated, so that only num_return_sequences, do_sample, seed and temperature work with it.",
            new() { OtherNames = ["guided_choice"] }) with { WorksWithChoices = true, Setting = request => Texts(request.Sent.Choices ?? []) },
        Row("prompt_lookup_num_tokens", new IntegerShape(1, 1024), (request, value) => request.PromptLookupNumTokens = value,
            "Guess up to so many tokens at once from what followed earlier in prompt and continuation, and compute them together: faster "
            + "where the text repeats itself, with the same tokens. Fewer are guessed where that would cost time. Refused with num_beams; "
            + "no effect with guidance_scale.",
            new() { LeftOut = "as the server's configuration says", HuggingFace = "PromptLookupCandidateGenerator" }) with
            { Setting = request => request.Engine.PromptLookup?.MaxTokens },
        Row("max_matching_ngram_size", new IntegerShape(1, 1024), (request, value) => request.MaxMatchingNgramSize = value,
            "Prompt lookup guesses what followed the longest match of the last tokens. Beyond this length matches count alike, and the latest is "
            + "taken. Only with prompt_lookup_num_tokens.",
            new() { Default = LookupRule.UsualMatchingNgramSize, HuggingFace = "PromptLookupCandidateGenerator" }) with
            { Setting = request => request.Engine.PromptLookup?.MaxMatchingNgramSize },
    ];

    private static JsonNode? EarlyStoppingOf(BeamSettings? beams) => beams?.EarlyStopping switch
    {
        null => null,
        EarlyStopping.Never => "never",
        { } stopping => stopping == EarlyStopping.WhenFull,
    };
}
