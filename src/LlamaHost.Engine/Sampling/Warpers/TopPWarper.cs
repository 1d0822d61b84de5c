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
        ReadOnlySpan<float> weights = candidates.Scratch;
        int count = CollectLikely(weights, sum, candidates.SecondScratch, out double likelySum);
        Span<float> likely = candidates.SecondScratch[..count];
        likely.Sort();
        // From the least likely on: what was not collected is less likely still.
        double below = sum - likelySum;
        int first = 0;
        while (first < count - minKeep && below + likely[first] <= (1.0 - p) * sum)
            below += likely[first++];
        float threshold = likely[first];
        candidates.KeepByWeight(threshold, equals: count - first - CountAbove(likely, threshold));
    }

    // The few most likely tokens hold nearly all probability; sorting those alone is what makes this cheap for large vocabularies.
    private int CollectLikely(ReadOnlySpan<float> weights, double sum, Span<float> likely, out double collected)
    {
        for (double share = 1e-2; ; share *= 0.1)
        {
            float least = share < 1e-7 ? 0 : (float)(share * sum);
            int count = 0;
            collected = 0;
            foreach (float weight in weights)
            {
                if (weight < least)
                    continue;
                likely[count++] = weight;
                collected += weight;
            }
            // A margin, so that rounding never makes the cut fall on what was left out.
            if (least == 0 || (collected >= sum * (p + 1e-5) && count >= minKeep))
                return count;
        }
    }

    private static int CountAbove(ReadOnlySpan<float> ascending, float threshold)
    {
        int index = ascending.Length;
        while (index > 0 && ascending[index - 1] > threshold)
            index--;
        return ascending.Length - index;
    }
}
