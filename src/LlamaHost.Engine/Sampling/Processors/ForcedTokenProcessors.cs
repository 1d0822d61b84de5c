namespace LlamaHost.Engine.Sampling.Processors;

/// <summary>Forces the token after a sequence of one. Source: <c>ForcedBOSTokenLogitsProcessor</c>.</summary>
internal sealed class ForcedBosTokenProcessor(int token) : ILogitsProcessor
{
    public void Apply(Span<float> scores, TokenHistory history)
    {
        if (history.Tokens.Length == 1)
            Force(scores, [token]);
    }

    /// <summary>Leaves nothing but the tokens.</summary>
    public static void Force(Span<float> scores, int[] tokens)
    {
        scores.Fill(float.NegativeInfinity);
        foreach (int token in tokens)
            scores[token] = 0;
    }
}

/// <summary>Forces one of the tokens at the length limit. Source: <c>ForcedEOSTokenLogitsProcessor</c>.</summary>
internal sealed class ForcedEosTokenProcessor(int maxNewTokens, int[] tokens) : ILogitsProcessor
{
    public void Apply(Span<float> scores, TokenHistory history)
    {
        if (history.NewTokens.Length == maxNewTokens - 1)
            ForcedBosTokenProcessor.Force(scores, tokens);
    }
}
