namespace LlamaHost.Engine.Sampling.Warpers;

/// <summary>
/// Keeps most likely tokens as long as their share of the entropy stays within a part of it; both over the hundred most likely alone.
/// Source: <c>TopHLogitsWarper</c>.
/// </summary>
internal sealed class TopHWarper(float topH) : IWarper
{
    private const int MostTokens = 100;

    private readonly int[] _order = new int[MostTokens];

    public void Apply(CandidateSet candidates)
    {
        if (candidates.Count == 0)
            return;
        Span<int> order = _order.AsSpan(0, Math.Min(MostTokens, candidates.Count));
        TopSelection.Largest(candidates.Scores, order, candidates.Scratch);
        Span<double> terms = stackalloc double[MostTokens];
        double sum = 0;
        float max = candidates.Scores[order[0]];
        foreach (int index in order)
            sum += Math.Exp(candidates.Scores[index] - max);
        double entropy = 0;
        for (int i = 0; i < order.Length; i++)
        {
            double probability = Math.Exp(candidates.Scores[order[i]] - max) / sum;
            terms[i] = probability > 0 ? -probability * Math.Log(probability) : double.NaN;
            entropy += probability > 0 ? terms[i] : 0;
        }
        int kept = 1;
        double cumulative = terms[0];
        while (kept < order.Length && cumulative + terms[kept] <= entropy * topH)
            cumulative += terms[kept++];
        candidates.KeepIndices(order[..kept]);
    }
}
