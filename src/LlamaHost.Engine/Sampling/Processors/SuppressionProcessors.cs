namespace LlamaHost.Engine.Sampling.Processors;

/// <summary>Forbids tokens. Source: <c>SuppressTokensLogitsProcessor</c>.</summary>
internal sealed class SuppressTokensProcessor(int[] tokens) : ILogitsProcessor
{
    public void Apply(Span<float> scores, TokenHistory history)
    {
        foreach (int token in tokens)
            scores[token] = float.NegativeInfinity;
    }
}

/// <summary>Forbids tokens as the first. Source: <c>SuppressTokensAtBeginLogitsProcessor</c>.</summary>
/// <param name="tokens">Token ids.</param>
/// <param name="isBosForced">The first token is forced where the prompt has only one: then the second counts as the first.</param>
internal sealed class BeginSuppressTokensProcessor(int[] tokens, bool isBosForced) : ILogitsProcessor
{
    public void Apply(Span<float> scores, TokenHistory history)
    {
        int first = history.PromptLength > 1 || !isBosForced ? 0 : 1;
        if (history.NewTokens.Length != first)
            return;
        foreach (int token in tokens)
            scores[token] = float.NegativeInfinity;
    }
}

/// <summary>Forbids end and stop tokens before the least number of new tokens. Source: <c>MinNewTokensLengthLogitsProcessor</c>.</summary>
internal sealed class MinNewTokensProcessor(int minNewTokens, int[] endTokens) : ILogitsProcessor
{
    public void Apply(Span<float> scores, TokenHistory history)
    {
        if (history.NewTokens.Length >= minNewTokens)
            return;
        foreach (int token in endTokens)
            scores[token] = float.NegativeInfinity;
    }
}
