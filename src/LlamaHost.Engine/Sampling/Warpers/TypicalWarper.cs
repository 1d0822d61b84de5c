using System.Numerics;
using System.Runtime.InteropServices;

namespace LlamaHost.Engine.Sampling.Warpers;

/// <summary>
/// Keeps the tokens whose information is nearest to the entropy until their probability reaches a mass. Source: <c>TypicalLogitsWarper</c>.
/// </summary>
internal sealed class TypicalWarper(float mass, int minKeep) : IWarper
{
    public void Apply(CandidateSet candidates)
    {
        double sum = candidates.Exponentiate();
        if (!double.IsFinite(sum))
            return;
        (float normalizer, float entropy) = (candidates.LogSumExp(), candidates.Entropy());
        Span<float> distances = candidates.Scratch;
        Measure(candidates.Scores, normalizer, entropy, distances);
        candidates.Weights.CopyTo(candidates.SecondScratch);
        double below = 0;
        // Reaching the mass is enough, passing it is not needed.
        float farthest = WeightedQuantile.Find(distances, candidates.SecondScratch, Math.BitDecrement(mass * sum), ref below, candidates.Mask);
        Measure(candidates.Scores, normalizer, entropy, distances);
        if (minKeep > 1 && BitMask.Mark(distances, 0, farthest, candidates.Mask) < minKeep)
        {
            below = 0;
            farthest = WeightedQuantile.Find(distances, [], Math.Min(minKeep, candidates.Count) - 1, ref below, candidates.Mask);
            Measure(candidates.Scores, normalizer, entropy, distances);
        }
        // Ties with the last one stay.
        candidates.Keep(distances, 0, farthest);
    }

    // How far each token's information is from the entropy.
    private static void Measure(ReadOnlySpan<float> scores, float normalizer, float entropy, Span<float> distances)
    {
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(scores);
        Span<Vector<float>> results = MemoryMarshal.Cast<float, Vector<float>>(distances);
        for (int i = 0; i < vectors.Length && i < results.Length; i++)
            results[i] = Vector.Abs(new Vector<float>(normalizer) - vectors[i] - new Vector<float>(entropy));
        for (int i = vectors.Length * Vector<float>.Count; i < scores.Length; i++)
            distances[i] = Math.Abs(normalizer - scores[i] - entropy);
    }
}
