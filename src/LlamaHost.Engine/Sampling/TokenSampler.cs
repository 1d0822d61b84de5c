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
    /// <param name="mirostat">The sequence's mirostat, if it has one.</param>
    public int Choose(
        ReadOnlySpan<float> logits, SamplingPipeline pipeline, TokenHistory history, RandomStream random, MirostatState? mirostat = null)
    {
        if (pipeline.IsPlainGreedy)
            return Best(logits);
        int position = history.NewTokens.Length;
        pipeline.Apply(logits, history, Candidates, random.Uniform(position, RandomPurpose.Warper));
        if (!pipeline.DoSample)
            return Best(Candidates.Scores);
        mirostat?.Truncate(Candidates);
        int token = Candidates.Draw(random.Uniform(position, RandomPurpose.Draw));
        if (token >= 0)
            mirostat?.Observe(Candidates, token);
        return token;
    }

    /// <summary>Lets a mirostat follow a token that was chosen in an earlier life.</summary>
    /// <param name="logits">Raw logits that it was chosen from.</param>
    /// <param name="pipeline">The sequence's processors and warpers.</param>
    /// <param name="history">The tokens before it.</param>
    /// <param name="mirostat">The sequence's mirostat.</param>
    /// <param name="token">The token.</param>
    public void Replay(ReadOnlySpan<float> logits, SamplingPipeline pipeline, TokenHistory history, MirostatState mirostat, int token)
    {
        pipeline.Apply(logits, history, Candidates, uniform: 0);
        mirostat.Truncate(Candidates);
        mirostat.Observe(Candidates, token);
    }

    // The largest of each block first: finding where it is costs more than finding what it is. Not a number if one of the scores is none.
    private static int Best(ReadOnlySpan<float> scores)
    {
        const int Block = 4096;
        int bestStart = 0;
        float best = float.NegativeInfinity;
        for (int start = 0; start < scores.Length; start += Block)
        {
            float max = TensorPrimitives.Max(scores.Slice(start, Math.Min(Block, scores.Length - start)));
            if (float.IsNaN(max))
                return -1;
            if (max > best)
                (bestStart, best) = (start, max);
        }
        if (!float.IsFinite(best))
            return -1;
        return bestStart + TensorPrimitives.IndexOfMax(scores.Slice(bestStart, Math.Min(Block, scores.Length - bestStart)));
    }
}
