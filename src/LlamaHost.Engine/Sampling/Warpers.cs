using System.Numerics.Tensors;

namespace LlamaHost.Engine.Sampling;

/// <summary>Changes or narrows what can be drawn. Applied in Hugging Face's order, each to what the one before it left.</summary>
internal interface IWarper
{
    void Apply(CandidateSet candidates);
}

/// <summary>Divides the scores. Source: <c>TemperatureLogitsWarper</c>.</summary>
internal sealed class TemperatureWarper(float temperature) : IWarper
{
    public void Apply(CandidateSet candidates) => TensorPrimitives.Divide(candidates.Scores, temperature, candidates.Scores);
}

/// <summary>Keeps the k highest scores and those tied with the k-th. Source: <c>TopKLogitsWarper</c>.</summary>
internal sealed class TopKWarper(int k) : IWarper
{
    public void Apply(CandidateSet candidates)
    {
        if (k < candidates.Count)
            candidates.KeepAtLeast(TopSelection.KthLargest(candidates.Scores, k, candidates.Scratch));
    }
}

/// <summary>
/// Keeps the smallest set of most likely tokens whose probability reaches p. Source: <c>TopPLogitsWarper</c>, which drops a token if it and all
/// less likely ones have at most 1 − p.
/// </summary>
internal sealed class TopPWarper(float p) : IWarper
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
        while (first < count - 1 && below + likely[first] <= (1.0 - p) * sum)
            below += likely[first++];
        float threshold = likely[first];
        int equals = count - first - CountAbove(likely, threshold);
        KeepByWeight(candidates, threshold, equals);
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
            if (least == 0 || collected >= sum * (p + 1e-5))
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

    // By weight and not by score: different scores may have the same weight.
    private static void KeepByWeight(CandidateSet candidates, float threshold, int equals)
    {
        ReadOnlySpan<float> weights = candidates.Scratch;
        Span<float> scores = candidates.Scores;
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] > threshold) && !(weights[i] == threshold && equals-- > 0))
                scores[i] = float.NegativeInfinity;
        }
        candidates.KeepAtLeast(float.MinValue);
    }
}

/// <summary>Keeps tokens at least this fraction as likely as the most likely one. Source: <c>MinPLogitsWarper</c>.</summary>
internal sealed class MinPWarper(float minP) : IWarper
{
    public void Apply(CandidateSet candidates)
    {
        if (candidates.Count > 0)
            candidates.KeepAtLeast(TensorPrimitives.Max<float>(candidates.Scores) + MathF.Log(minP));
    }
}
