using System.Text.Json.Serialization;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Server.Generate;

/// <summary>One event of a stream; <c>type</c> says which.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(TokenGenerated), "token")]
[JsonDerivedType(typeof(GeneratedSequence), "sequence")]
[JsonDerivedType(typeof(GenerateResponse), "done")]
[JsonDerivedType(typeof(GenerationFailed), "error")]
public abstract record GenerateEvent;

/// <summary>A new token of a sequence.</summary>
public sealed record TokenGenerated : GenerateEvent
{
    /// <summary>Index of the prompt, from 0.</summary>
    public required int PromptIndex { get; init; }

    /// <summary>Index of the sequence among those of its prompt, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Token id.</summary>
    public required int Id { get; init; }

    /// <summary>
    /// Text that became certain with this token: empty while a character or a possible stop text is incomplete. The texts of a sequence's
    /// tokens together are its continuation.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>Whether it is a control token of the model, such as its end token.</summary>
    public required bool Special { get; init; }

    /// <summary>Natural logarithm of the token's probability, if asked for.</summary>
    public float? Logprob { get; init; }

    /// <summary>The most likely tokens in its place, best first, if asked for.</summary>
    public IReadOnlyList<LikelyToken>? TopLogprobs { get; init; }

    /// <summary>The event of a token.</summary>
    /// <param name="promptIndex">Index of the prompt.</param>
    /// <param name="index">Index of the sequence among those of its prompt.</param>
    /// <param name="token">The token.</param>
    /// <param name="text">Text that became certain with it.</param>
    internal static TokenGenerated Of(int promptIndex, int index, TokenEvent token, string text) => new()
    {
        PromptIndex = promptIndex,
        Index = index,
        Id = token.Id,
        Text = text,
        Special = token.IsSpecial,
        Logprob = token.LogProb,
        TopLogprobs = LikelyToken.ListOf(token),
    };
}

/// <summary>A sequence that has ended. In a stream, the event that says so.</summary>
public sealed record GeneratedSequence : GenerateEvent
{
    /// <summary>Index of the prompt, from 0.</summary>
    public required int PromptIndex { get; init; }

    /// <summary>Index of the sequence among those of its prompt, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The text: prompt and continuation, or the continuation alone.</summary>
    public required string GeneratedText { get; init; }

    /// <summary>Why it ended: <c>eos_token</c>, <c>stop_sequence</c>, <c>length</c> or <c>choice</c>.</summary>
    public required string FinishReason { get; init; }

    /// <summary>The stop text, or the stop token's text, that ended it.</summary>
    public string? StopSequence { get; init; }

    /// <summary>New tokens, end token included.</summary>
    public required int GeneratedTokens { get; init; }

    /// <summary>
    /// Seed that it was drawn with. As the seed of a request for one sequence (and <c>do_sample</c> true) it gives this sequence again. Beams have
    /// that of their request.
    /// </summary>
    public required ulong Seed { get; init; }

    /// <summary>Of a beam: its log-probability after penalties, divided by its length to the power of <c>length_penalty</c>.</summary>
    public float? Score { get; init; }

    /// <summary>With <c>choices</c>: how likely the model takes each for, in the order of the request.</summary>
    public IReadOnlyList<ChoiceScore>? Choices { get; init; }

    /// <summary>Text after that of the last token, which was sent before it was certain. Nearly always absent.</summary>
    public string? TrailingText { get; init; }

    /// <summary>Ids of the new tokens, with <c>details</c>.</summary>
    public IReadOnlyList<int>? TokenIds { get; init; }

    /// <summary>The new tokens, with <c>details</c> or <c>logprobs</c>.</summary>
    public IReadOnlyList<GeneratedToken>? Tokens { get; init; }
}

/// <summary>One of the texts to choose from.</summary>
/// <param name="Text">The text.</param>
/// <param name="Logprob">Natural logarithm of its probability after the prompt: the sum over its tokens.</param>
/// <param name="Probability">Its probability among the choices.</param>
public sealed record ChoiceScore(string Text, double Logprob, double Probability);

/// <summary>One new token.</summary>
public sealed record GeneratedToken
{
    /// <summary>Token id.</summary>
    public required int Id { get; init; }

    /// <summary>Text that became certain with this token; all together are the continuation.</summary>
    public required string Text { get; init; }

    /// <summary>Natural logarithm of its probability in the distribution before any penalty or warper.</summary>
    public float? Logprob { get; init; }

    /// <summary>Whether it is a control token of the model, such as its end token.</summary>
    public required bool Special { get; init; }

    /// <summary>The most likely tokens in its place, best first, if asked for.</summary>
    public IReadOnlyList<LikelyToken>? TopLogprobs { get; init; }

    /// <summary>A token of the engine.</summary>
    /// <param name="token">The token.</param>
    /// <param name="text">Text that became certain with it.</param>
    internal static GeneratedToken Of(TokenEvent token, string text) => new()
    {
        Id = token.Id,
        Text = text,
        Logprob = token.LogProb,
        Special = token.IsSpecial,
        TopLogprobs = LikelyToken.ListOf(token),
    };
}

/// <summary>A token that could have been chosen.</summary>
/// <param name="Id">Token id.</param>
/// <param name="Text">Its own text, an incomplete character as U+FFFD.</param>
/// <param name="Logprob">Natural logarithm of its probability.</param>
public sealed record LikelyToken(int Id, string Text, float Logprob)
{
    /// <summary>The most likely tokens in a token's place; <see langword="null"/>: not asked for.</summary>
    internal static IReadOnlyList<LikelyToken>? ListOf(TokenEvent token) => token.Alternatives is { Count: > 0 } likely
        ? [.. likely.Select(one => new LikelyToken(one.Id, one.Text, one.LogProb))]
        : null;
}

/// <summary>The stream ends here, because of an error that came up after it had begun.</summary>
public sealed record GenerationFailed : GenerateEvent
{
    /// <summary>The HTTP status that it would have been.</summary>
    public required int Status { get; init; }

    /// <summary>Stable, machine-readable code.</summary>
    public required string Code { get; init; }

    /// <summary>One sentence with the reason.</summary>
    public required string Detail { get; init; }
}
