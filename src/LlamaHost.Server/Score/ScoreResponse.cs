using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Server.Score;

/// <summary>The answer to <c>POST /score</c>.</summary>
public sealed record ScoreResponse
{
    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>One per text, in order.</summary>
    public IReadOnlyList<TextScore>? Texts { get; init; }

    /// <summary>
    /// Token ids of the prompt that the continuations are scored after. Tokens that the border to a continuation changes are not among them.
    /// </summary>
    public IReadOnlyList<int>? PromptTokenIds { get; init; }

    /// <summary>One per continuation, in order.</summary>
    public IReadOnlyList<ContinuationScore>? Continuations { get; init; }

    /// <summary>What it cost.</summary>
    public required ScoreUsage Usage { get; init; }
}

/// <summary>What the model says of a text.</summary>
public sealed record TextScore
{
    /// <summary>Token ids, with the special tokens that the model's tokenizer adds.</summary>
    public required IReadOnlyList<int> TokenIds { get; init; }

    /// <summary>Each token's own text; parts of a character as U+FFFD.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>Natural logarithm of each token's probability after those before it; null for the first, which follows nothing.</summary>
    public required IReadOnlyList<float?> TokenLogprobs { get; init; }

    /// <summary>Negative log-likelihood: minus the sum of the log-probabilities.</summary>
    public required double Nll { get; init; }

    /// <summary>It divided by the number of tokens that have a log-probability; absent if there is none.</summary>
    public double? MeanNll { get; init; }

    /// <summary>The exponential of the mean; absent if there is none.</summary>
    public double? Perplexity { get; init; }

    /// <summary>After each token, the most likely next ones, best first; the last entry is what the model expects after the text.</summary>
    public IReadOnlyList<IReadOnlyList<NextToken>>? Top { get; init; }
}

/// <summary>What the model says of a continuation.</summary>
public sealed record ContinuationScore
{
    /// <summary>Ids of its tokens.</summary>
    public required IReadOnlyList<int> TokenIds { get; init; }

    /// <summary>Each token's own text; parts of a character as U+FFFD.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>Natural logarithm of each token's probability after the prompt and those before it.</summary>
    public required IReadOnlyList<float> TokenLogprobs { get; init; }

    /// <summary>Their sum: the logarithm of the probability that the prompt goes on like this.</summary>
    public required double Logprob { get; init; }

    /// <summary>Their mean: the same by length, for continuations that differ in it.</summary>
    public required double MeanLogprob { get; init; }

    /// <summary>The softmax of <c>logprob</c> over the continuations: how likely it is if one of them it must be.</summary>
    public required double Probability { get; init; }

    /// <summary>The softmax of <c>mean_logprob</c> over the continuations.</summary>
    public required double MeanProbability { get; init; }

    /// <summary>The exponential of minus the mean.</summary>
    public double? Perplexity { get; init; }

    /// <summary>In the place of each token, the most likely ones, best first; and a last entry with those that follow it.</summary>
    public IReadOnlyList<IReadOnlyList<NextToken>>? Top { get; init; }
}

/// <summary>A token that may come next.</summary>
/// <param name="Id">Token id.</param>
/// <param name="Text">Its own text.</param>
/// <param name="Logprob">Natural logarithm of its probability.</param>
public sealed record NextToken(int Id, string Text, float Logprob)
{
    internal static IReadOnlyList<NextToken> Of(IReadOnlyList<TokenLogProb> tokens) =>
        [.. tokens.Select(one => new NextToken(one.Id, one.Text, one.LogProb))];
}

/// <summary>What an answer cost.</summary>
public sealed record ScoreUsage
{
    /// <summary>Tokens of the texts, or of the prompt and all continuations.</summary>
    public required int Tokens { get; init; }

    /// <summary>Tokens that got a log-probability.</summary>
    public required int ScoredTokens { get; init; }

    /// <summary>Prompt tokens that needn't be computed, because a sibling or an earlier request had the same beginning.</summary>
    public required int CachedTokens { get; init; }

    /// <summary>Longest time that a text waited for its turn, in milliseconds.</summary>
    public required double QueueMs { get; init; }

    /// <summary>Longest time that computing one took, in milliseconds.</summary>
    public required double ComputeMs { get; init; }
}

/// <summary>Source-generated JSON of this API.</summary>
[JsonSerializable(typeof(ScoreResponse))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ScoreJson : JsonSerializerContext
{
    /// <summary>Leaves text as it is instead of escaping all but ASCII: these answers are JSON by media type, never HTML.</summary>
    public static ScoreJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
