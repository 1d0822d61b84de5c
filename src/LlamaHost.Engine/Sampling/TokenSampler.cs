using System.Numerics.Tensors;

namespace LlamaHost.Engine.Sampling;

/// <summary>Chooses tokens from logits. One per engine thread: it owns the buffers.</summary>
internal sealed class TokenSampler(int vocabulary)
{
    /// <summary>What can be chosen; overwritten by the next use.</summary>
    public CandidateSet Candidates { get; } = new(vocabulary);

    /// <summary>The next token, or −1 if the logits are not numbers.</summary>
    /// <param name="logits">Raw logits; not changed.</param>
    /// <param name="pipeline">The sequence's processors and warpers.</param>
    /// <param name="history">The tokens so far.</param>
    /// <param name="random">The sequence's random numbers.</param>
    public int Choose(ReadOnlySpan<float> logits, SamplingPipeline pipeline, TokenHistory history, RandomStream random)
    {
        if (pipeline.IsPlainGreedy)
            return Best(logits);
        int position = history.NewTokens.Length;
        pipeline.Apply(logits, history, Candidates, random.Uniform(position, RandomPurpose.Warper));
        return pipeline.DoSample ? Candidates.Draw(random.Uniform(position, RandomPurpose.Draw)) : Best(Candidates.Scores);
    }

    // IndexOfMax gives the first NaN if there is one.
    private static int Best(ReadOnlySpan<float> scores)
    {
        int best = TensorPrimitives.IndexOfMax(scores);
        return float.IsFinite(scores[best]) ? best : -1;
    }
}
