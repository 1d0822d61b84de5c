using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Sampling.Warpers;

/// <summary>
/// Now and then leaves out all tokens that reach a threshold but the least likely of them. Source: llama.cpp's <c>xtc</c> sampler.
/// </summary>
internal sealed class XtcWarper(XtcSettings settings)
{
    /// <param name="candidates">What can be drawn.</param>
    /// <param name="uniform">A random number in [0, 1): whether it happens now.</param>
    public void Apply(CandidateSet candidates, double uniform)
    {
        if (uniform >= settings.Probability || candidates.Count < 2)
            return;
        float threshold = candidates.LogSumExp() + MathF.Log(settings.Threshold);
        ReadOnlySpan<float> scores = candidates.Scores;
        if (BitMask.Mark(scores, threshold, float.PositiveInfinity, candidates.Mask) < 2)
            return;
        int least = BitMask.Next(candidates.Mask, 0);
        for (int index = least; index >= 0; index = BitMask.Next(candidates.Mask, index + 1))
            least = scores[index] < scores[least] ? index : least;
        BitMask.Mark(scores, float.MinValue, MathF.BitDecrement(threshold), candidates.Mask);
        BitMask.Set(candidates.Mask, least);
        candidates.KeepMarked();
    }
}
