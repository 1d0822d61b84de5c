namespace LlamaHost.Engine.Requests;

/// <summary>When a sequence ends. Whichever condition holds first wins; an end token wins over a length reached with it.</summary>
public sealed record StopSettings
{
    /// <summary>
    /// Most new tokens per sequence, end token included (Hugging Face: <c>max_new_tokens</c>). 1 or more;
    /// prompt plus new tokens must fit into the context.
    /// </summary>
    public int MaxNewTokens { get; init; } = 256;

    /// <summary>No end or stop token is chosen before this many new tokens (Hugging Face: <c>min_new_tokens</c>). 0 or more.</summary>
    public int MinNewTokens { get; init; }

    /// <summary>
    /// End-of-sequence ids (Hugging Face: <c>eos_token_id</c>). <see langword="null"/>: the model's own; empty: none.
    /// </summary>
    public IReadOnlyList<int>? EosTokenIds { get; init; }

    /// <summary>Further ids that end a sequence, reported as <see cref="FinishReason.Stop"/>.</summary>
    public IReadOnlyList<int> StopTokenIds { get; init; } = [];

    /// <summary>
    /// Texts that end a sequence as soon as they appear in the new text; the text is cut before the first of them.
    /// None is empty. Text that could still become one is held back until that is settled.
    /// </summary>
    public IReadOnlyList<string> StopTexts { get; init; } = [];

    /// <summary>
    /// Texts that end a sequence with the token that completes them; they stay in the text, with the rest of that token, and may begin in the prompt
    /// (Hugging Face: <c>stop_strings</c>). None is empty.
    /// </summary>
    public IReadOnlyList<string> KeptStopTexts { get; init; } = [];

    /// <summary>
    /// Time after which sequences end with what they have, from submission (Hugging Face: <c>max_time</c>). <see langword="null"/>: none.
    /// </summary>
    public TimeSpan? MaxTime { get; init; }
}
