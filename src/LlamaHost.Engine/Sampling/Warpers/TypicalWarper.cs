namespace LlamaHost.Engine.Sampling.Warpers;

/// <summary>
/// Keeps the tokens whose information is nearest to the entropy until their probability reaches a mass. Source: <c>TypicalLogitsWarper</c>.
/// </summary>
internal sealed class TypicalWarper(float mass, int minKeep) : IWarper
{
    public void Apply(CandidateSet candidates)
    {
        if (candidates.Count == 0)
            return;
        float normalizer = candidates.LogSumExp();
        float entropy = candidates.Entropy();
        Span<float> scores = candidates.Scores;
        int[] order = new int[scores.Length];
        float[] distances = new float[scores.Length];
        for (int i = 0; i < order.Length; i++)
            (order[i], distances[i]) = (i, Math.Abs(normalizer - scores[i] - entropy));
        Array.Sort(distances, order);
        double cumulative = 0;
        int last = 0;
        while (last < order.Length - 1 && cumulative + Math.Exp(scores[order[last]] - normalizer) < mass)
            cumulative += Math.Exp(scores[order[last++]] - normalizer);
        // Ties with the last one stay.
        int kept = last + 1;
        while (kept < order.Length && distances[kept] <= distances[last])
            kept++;
        candidates.KeepIndices(order.AsSpan(0, Math.Max(kept, Math.Min(minKeep, order.Length))));
    }
}
