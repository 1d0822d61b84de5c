using System.Text.Json.Nodes;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Binding;
using static LlamaHost.Server.Generate.Parameters.Rows;

namespace LlamaHost.Server.Generate.Parameters;

/// <summary>What favours, forbids or forces single tokens, or sequences of them.</summary>
internal static class TokenParameters
{
    private const int MostSequences = 4096;
    private const int MostWords = 256;
    private const int MostTokens = 65_536;

    private static readonly NumberShape _bias = new(-LargestBias, LargestBias);
    private static readonly ListShape<int> _tokens = new(TokenId, 0, MostTokens);

    /// <summary>The rows.</summary>
    public static IReadOnlyList<GenerateParameter> Rows { get; } =
    [
        Row("bad_words_ids", new ListShape<IReadOnlyList<int>>(TokenSequence, 1, MostSequences),
            (request, value) => request.Sampling = request.Sampling with { BadWords = value },
            "Token sequences that are never completed: the last token is forbidden where the others stand before it, be it in the prompt. "
            + "One that is an end token alone is ignored.",
            new() { HuggingFace = "NoBadWordsLogitsProcessor" }) with
            { Setting = request => Items(request.Sent.Sampling.BadWords, Ids),
                TokenIds = request => request.Sampling.BadWords.SelectMany(one => one) },
        Row("bad_words", new ListShape<string>(new TextShape(1, 1000), 1, MostWords), (request, value) => request.BadWords = value,
            "The same as texts. Each is forbidden as it is tokenised at the beginning of a word and within one, that is with and "
            + "without a space before it.",
            new() { HuggingFace = "NoBadWordsLogitsProcessor" }) with { Setting = request => Texts(request.Sent.BadWords) },
        Row("sequence_bias",
            new ListShape<(IReadOnlyList<int> First, float Second)>(
                new PairShape<IReadOnlyList<int>, float>("[ids, bias]", TokenSequence, _bias), 1, MostSequences),
            (request, value) =>
                request.Sampling = request.Sampling with { SequenceBias = [.. value.Select(one => new SequenceBias(one.First, one.Second))] },
            "Added to the score of each sequence's last token where its other tokens stand before.",
            new() { HuggingFace = "SequenceBiasLogitsProcessor" }) with
            {
                Setting = request => Items(request.Engine.Sampling.SequenceBias, one => new JsonArray(Ids(one.Tokens), one.Bias)),
                TokenIds = request => request.Sampling.SequenceBias.SelectMany(one => one.Tokens),
            },
        Row("suppress_tokens", _tokens, (request, value) => request.Sampling = request.Sampling with { SuppressTokens = value },
            "Token ids that are never chosen.", new() { HuggingFace = "SuppressTokensLogitsProcessor" }) with
            { Setting = request => Ids(request.Engine.Sampling.SuppressTokens), TokenIds = request => request.Sampling.SuppressTokens },
        Row("begin_suppress_tokens", _tokens, (request, value) => request.Sampling = request.Sampling with { BeginSuppressTokens = value },
            "Token ids that are not chosen first.", new() { HuggingFace = "SuppressTokensAtBeginLogitsProcessor" }) with
            { Setting = request => Ids(request.Engine.Sampling.BeginSuppressTokens), TokenIds = request => request.Sampling.BeginSuppressTokens },
        Row("forced_bos_token_id", TokenId, (request, value) => request.Sampling = request.Sampling with { ForcedBosTokenId = value },
            "The token that follows a prompt of one token. It has no effect on longer ones.",
            new() { HuggingFace = "ForcedBOSTokenLogitsProcessor" }) with
            {
                Setting = request => request.Engine.Sampling.ForcedBosTokenId,
                TokenIds = request => request.Sampling.ForcedBosTokenId is { } id ? [id] : [],
            },
        Row("forced_eos_token_id", new OneOrListShape<int>(TokenId, 1, MostTokens),
            (request, value) => request.Sampling = request.Sampling with { ForcedEosTokenIds = value },
            "The token (of several the most likely one) that a sequence ends with when it reaches its greatest length.",
            new() { HuggingFace = "ForcedEOSTokenLogitsProcessor" }) with
            { Setting = request => Ids(request.Engine.Sampling.ForcedEosTokenIds), TokenIds = request => request.Sampling.ForcedEosTokenIds },
        Row("logit_bias", new TokenBiasShape(_bias, MostTokens),
            (request, value) => request.Sampling = request.Sampling with { LogitBias = [.. value.Select(one => new TokenBias(one.Token, one.Bias))] },
            "Added to the logits of single tokens before everything else.") with
            {
                Setting = request => Items(request.Engine.Sampling.LogitBias, one =>
                    new JsonArray(one.Token, float.IsFinite(one.Bias) ? JsonValue.Create(one.Bias) : JsonValue.Create(false))),
                TokenIds = request => request.Sampling.LogitBias.Select(one => one.Token),
            },
    ];
}
