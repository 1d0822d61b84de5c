namespace LlamaHost.Engine.Sampling.Warpers;

/// <summary>
/// Keeps the smallest set of most likely tokens whose probability reaches p. Source: <c>TopPLogitsWarper</c>, which drops a token if it and all
/// less likely ones have at most 1 − p.
/// </summary>
internal sealed class TopPWarper(float p, int minKeep) : IWarper
{
    public void Apply(CandidateSet candidates)
    {
        double sum = candidates.Exponentiate();
        if (!double.IsFinite(sum))
            return;
        double target = (1.0 - p) * sum;
        // All tokens below an equal share of what may go are less than that together. Within a text that is nearly the whole vocabulary.
        float share = MathF.BitDecrement((float)(target / candidates.Count));
        int likely = BitMask.Mark(candidates.Weights, share, float.PositiveInfinity, candidates.Mask);
        BitMask.Compact(candidates.Mask, candidates.Weights, candidates.Scratch);
        Span<float> keys = candidates.Scratch[..likely];
        double below = Math.Max(0, sum - WeightedQuantile.Sum(keys));
        float threshold = WeightedQuantile.Find(keys, keys, target, ref below, candidates.Mask);
        (_, int equal, int greater) = WeightedQuantile.Count(candidates.Weights, threshold);
        // Of equally likely tokens some may go and some stay.
        int equals = equal;
        for (; equals > 1 && below + threshold <= target; below += threshold)
            equals--;
        int least = Math.Min(minKeep, candidates.Count);
        if (greater + equals < least)
        {
            threshold = TopSelection.KthLargest(candidates.Weights, least, candidates.Scratch);
            (_, equal, greater) = WeightedQuantile.Count(candidates.Weights, threshold);
            equals = least - greater;
        }
        candidates.KeepByWeight(threshold, equals == equal ? int.MaxValue : equals);
    }
}
