using System.Numerics.Tensors;

namespace LlamaHost.Engine.Sampling;

/// <summary>Chooses tokens from logits. One per engine thread: it owns the buffers.</summary>
internal sealed class TokenSampler(int vocabulary)
{
    private readonly CandidateSet _candidates = new(vocabulary);

    /// <summary>The next token, or −1 if the logits are not numbers.</summary>
    /// <param name="logits">Raw logits; not changed.</param>
    /// <param name="pipeline">The sequence's processors and warpers.</param>
    /// <param name="newTokens">Tokens chosen so far, the random number's counter.</param>
    /// <param name="seed">The sequence's seed.</param>
    public int Choose(ReadOnlySpan<float> logits, SamplingPipeline pipeline, int newTokens, ulong seed)
    {
        if (pipeline.IsPlainGreedy)
            return Best(logits);
        pipeline.Apply(logits, newTokens, _candidates);
        return pipeline.DoSample ? _candidates.Draw(Philox.Uniform(seed, newTokens)) : Best(_candidates.Scores);
    }

    // IndexOfMax gives the first NaN if there is one.
    private static int Best(ReadOnlySpan<float> scores)
    {
        int best = TensorPrimitives.IndexOfMax(scores);
        return float.IsFinite(scores[best]) ? best : -1;
    }
}
