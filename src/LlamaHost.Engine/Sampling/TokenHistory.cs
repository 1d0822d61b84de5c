namespace LlamaHost.Engine.Sampling;

/// <summary>The tokens that the next choice may depend on.</summary>
/// <param name="tokens">Prompt and continuation.</param>
/// <param name="promptLength">Tokens of the prompt.</param>
/// <param name="source">The text that <c>encoder_*</c> settings look at: the encoder's tokens, or the prompt of a model without encoder.</param>
internal readonly ref struct TokenHistory(ReadOnlySpan<int> tokens, int promptLength, ReadOnlySpan<int> source)
{
    /// <summary>Prompt and continuation.</summary>
    public ReadOnlySpan<int> Tokens { get; } = tokens;

    /// <summary>The continuation so far.</summary>
    public ReadOnlySpan<int> NewTokens => Tokens[PromptLength..];

    /// <summary>Tokens of the prompt.</summary>
    public int PromptLength { get; } = promptLength;

    /// <summary>What <c>encoder_*</c> settings look at.</summary>
    public ReadOnlySpan<int> Source { get; } = source;
}
