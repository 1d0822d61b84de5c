namespace LlamaHost.Engine.Requests;

/// <summary>How tokens are guessed from a sequence's own text. Source: Hugging Face's <c>PromptLookupCandidateGenerator</c>.</summary>
public sealed record PromptLookupSettings
{
    /// <summary>
    /// Most tokens guessed at once (Hugging Face: <c>prompt_lookup_num_tokens</c>). 1 or more. Fewer are guessed where more would cost time: it
    /// depends on how many turned out right, and on what else runs.
    /// </summary>
    public int MaxTokens { get; init; } = 32;

    /// <summary>
    /// Matching tokens before a place in the text beyond which it counts no more than another (Hugging Face: <c>max_matching_ngram_size</c>). 1 or
    /// more; of equal places the latest is taken.
    /// </summary>
    public int MaxMatchingNgramSize { get; init; } = 32;
}
