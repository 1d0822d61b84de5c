using System.Numerics.Tensors;
using LlamaHost.Engine.Constraints;

namespace LlamaHost.Engine.Sampling;

/// <summary>Chooses tokens from logits. One per engine thread: it owns the buffers.</summary>
internal sealed class TokenSampler(int vocabulary)
{
    /// <summary>What can be chosen; overwritten by the next use.</summary>
    public CandidateSet Candidates { get; } = new(vocabulary);

    /// <summary>The next token, or −1 if none can be chosen.</summary>
    /// <param name="logits">Raw logits; not changed.</param>
    /// <param name="pipeline">The sequence's processors and warpers.</param>
    /// <param name="history">The tokens so far.</param>
    /// <param name="random">The sequence's random numbers.</param>
    /// <param name="mirostat">The sequence's mirostat, if it has one.</param>
    /// <param name="constraint">What the sequence's grammar allows, if it has one.</param>
    public int Choose(
        ReadOnlySpan<float> logits, SamplingPipeline pipeline, TokenHistory history, RandomStream random, MirostatState? mirostat = null,
        ConstraintState? constraint = null)
    {
        if (pipeline.IsPlainGreedy && Best(logits) is var best && (best < 0 || constraint?.Allows(best) != false))
            return best;
        int position = history.NewTokens.Length;
        bool checksAfterwards = constraint is not null && pipeline.CanCheckAfterwards;
        pipeline.Apply(logits, history, Candidates, random.Uniform(position, RandomPurpose.Warper), checksAfterwards ? null : constraint);
        int token = Choose(pipeline, random, position, RandomPurpose.Draw, mirostat);
        if (checksAfterwards && token >= 0 && !constraint!.Value.Allows(token))
        {
            SamplingPipeline.Keep(Candidates, constraint.Value);
            token = Choose(pipeline, random, position, RandomPurpose.Redraw, mirostat);
        }
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
    /// <param name="constraint">What the sequence's grammar allowed in its place, if it has one.</param>
    public void Replay(
        ReadOnlySpan<float> logits, SamplingPipeline pipeline, TokenHistory history, MirostatState mirostat, int token, ConstraintState? constraint)
    {
        pipeline.Apply(logits, history, Candidates, uniform: 0, constraint);
        mirostat.Truncate(Candidates);
        mirostat.Observe(Candidates, token);
    }

    private int Choose(SamplingPipeline pipeline, RandomStream random, int position, RandomPurpose purpose, MirostatState? mirostat)
    {
        if (!pipeline.DoSample)
            return Best(Candidates.Scores) is var best && best >= 0 ? Candidates.Id(best) : -1;
        mirostat?.Truncate(Candidates);
        return Candidates.Draw(random.Uniform(position, purpose));
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
