using System.Text.Json.Serialization;

namespace LlamaHost.Server.OpenAi.Common;

/// <summary>A token and how likely it was.</summary>
public sealed record OpenAiTokenLogprob : OpenAiLikelyToken
{
    /// <summary>The most likely tokens in its place, best first.</summary>
    public required IReadOnlyList<OpenAiLikelyToken> TopLogprobs { get; init; }
}

/// <summary>A token and how likely it was.</summary>
public record OpenAiLikelyToken
{
    /// <summary>Its text.</summary>
    public required string Token { get; init; }

    /// <summary>Natural logarithm of its probability.</summary>
    public required float Logprob { get; init; }

    /// <summary>Its text in UTF-8; null if it is only part of a character.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyList<int>? Bytes { get; init; }
}
