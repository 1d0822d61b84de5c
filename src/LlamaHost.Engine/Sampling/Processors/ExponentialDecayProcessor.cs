using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Sampling.Processors;

/// <summary>Raises the end tokens' scores more and more. Source: <c>ExponentialDecayLengthPenalty</c>.</summary>
internal sealed class ExponentialDecayProcessor(ExponentialDecay decay, int[] eosTokens) : ILogitsProcessor
{
    public void Apply(Span<float> scores, TokenHistory history)
    {
        int beyond = history.NewTokens.Length - decay.Start;
        if (beyond <= 0)
            return;
        foreach (int token in eosTokens)
            scores[token] += Math.Abs(scores[token]) * (MathF.Pow(decay.Factor, beyond) - 1);
    }
}
