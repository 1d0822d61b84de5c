namespace LlamaHost.Engine.Requests;

/// <summary>What one engine step brought for all sequences that moved in it. Never empty.</summary>
/// <param name="Sequences">One entry per sequence that gained tokens or ended, in no particular order.</param>
public sealed record StepEvents(IReadOnlyList<SequenceEvent> Sequences)
{
    /// <summary>What the engine is doing: about every second, and when nothing is left to compute.</summary>
    public EngineLoad? Load { get; init; }
}

/// <summary>New tokens of one sequence, and its end if this is it.</summary>
public sealed record SequenceEvent
{
    /// <summary>The request's <see cref="GenerationRequest.Id"/>.</summary>
    public required string RequestId { get; init; }

    /// <summary>Index of the sequence within its request, from 0.</summary>
    public required int SequenceIndex { get; init; }

    /// <summary>Tokens chosen in this step, in order. Empty only when <see cref="Finish"/> is set.</summary>
    public IReadOnlyList<TokenEvent> Tokens { get; init; } = [];

    /// <summary>Set when the sequence ended with this event; nothing follows it.</summary>
    public SequenceFinish? Finish { get; init; }
}

/// <summary>One chosen token.</summary>
/// <param name="Id">Token id.</param>
/// <param name="Text">
/// Text that became certain with this token. Often the token's own; empty while a character or a possible stop text is incomplete; more than
/// its own when it settles what was held back; of a given token, its own. The concatenation over a sequence (with <see cref="SequenceFinish.Text"/>
/// last) is its text.
/// </param>
/// <param name="IsSpecial">A control token of the model, such as its end token.</param>
/// <param name="LogProb">Natural logarithm of the token's probability in the raw distribution, if asked for.</param>
/// <param name="Alternatives">The most likely tokens at this position, best first, if asked for.</param>
public sealed record TokenEvent(int Id, string Text, bool IsSpecial, float? LogProb = null, IReadOnlyList<TokenLogProb>? Alternatives = null);

/// <summary>A token and the natural logarithm of its probability in the raw distribution.</summary>
/// <param name="Id">Token id.</param>
/// <param name="Text">The token's own text, incomplete characters as U+FFFD.</param>
/// <param name="LogProb">At most 0.</param>
public readonly record struct TokenLogProb(int Id, string Text, float LogProb);

/// <summary>The end of a sequence.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="Text">Text held back until now (an unfinished character as U+FFFD); usually empty.</param>
/// <param name="Usage">What the sequence cost.</param>
public sealed record SequenceFinish(FinishReason Reason, string Text, SequenceUsage Usage)
{
    /// <summary>The stop text or the text of the stop token that ended it, for <see cref="FinishReason.Stop"/>.</summary>
    public string? StopText { get; init; }

    /// <summary>Beam search: the sequence's score (Hugging Face: <c>sequences_scores</c>).</summary>
    public float? Score { get; init; }

    /// <summary>Given continuations: the tokens that are most likely to follow, best first, if alternatives were asked for.</summary>
    public IReadOnlyList<TokenLogProb>? Next { get; init; }

    /// <summary>What went wrong, for <see cref="FinishReason.Error"/> and <see cref="FinishReason.NoToken"/>.</summary>
    public string? Error { get; init; }
}

/// <summary>What a sequence cost.</summary>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="CachedTokens">Of these, tokens whose KV was taken from elsewhere (a sibling, an earlier request) instead of being computed.</param>
/// <param name="GeneratedTokens">New tokens, end token included; tokens that the request was resumed with count.</param>
/// <param name="Queue">From submission until its first token was first put into a batch.</param>
/// <param name="Prefill">From then until its first new token.</param>
/// <param name="Decode">From the first new token to the last.</param>
public readonly record struct SequenceUsage(
    int PromptTokens, int CachedTokens, int GeneratedTokens, TimeSpan Queue, TimeSpan Prefill, TimeSpan Decode)
{
    /// <summary>Tokens that were guessed and computed ahead of their choice.</summary>
    public int DraftedTokens { get; init; }

    /// <summary>Of these, those that were then chosen: each saved a step.</summary>
    public int AcceptedTokens { get; init; }
}
