using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace LlamaHost.Engine.Sampling;

/// <summary>Probabilities of scores, up to a common factor, in blocks that stay in the nearest cache from one operation to the next.</summary>
internal static class Softmax
{
    /// <summary>Numbers that are worked on at a time.</summary>
    public const int Block = 1024;

    // Far below it a float's exponential is 0.
    private const float LeastExponent = -200;

    /// <summary>Writes the exponentials of the scores' distances to a reference, and returns their sum.</summary>
    /// <param name="scores">Scores.</param>
    /// <param name="reference">The largest score, for example.</param>
    /// <param name="weights">Receives them.</param>
    public static double Exponentiate(ReadOnlySpan<float> scores, float reference, Span<float> weights)
    {
        double sum = 0;
        for (int start = 0; start < scores.Length; start += Block)
        {
            int count = Math.Min(Block, scores.Length - start);
            Span<float> block = weights.Slice(start, count);
            TensorPrimitives.Subtract(scores.Slice(start, count), reference, block);
            TensorPrimitives.Exp<float>(block, block);
            sum += WeightedQuantile.Sum(block);
        }
        return sum;
    }

    /// <summary>Entropy of a distribution, in nats.</summary>
    /// <param name="scores">Scores.</param>
    /// <param name="reference">What the weights are relative to.</param>
    /// <param name="weights">As <see cref="Exponentiate"/> gives them.</param>
    /// <param name="sum">Their sum.</param>
    public static double Entropy(ReadOnlySpan<float> scores, float reference, ReadOnlySpan<float> weights, double sum)
    {
        ReadOnlySpan<Vector<float>> scoreVectors = MemoryMarshal.Cast<float, Vector<float>>(scores);
        ReadOnlySpan<Vector<float>> weightVectors = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var references = new Vector<float>(reference);
        var least = new Vector<float>(LeastExponent);
        Vector<double> products = Vector<double>.Zero;
        for (int i = 0; i < scoreVectors.Length && i < weightVectors.Length; i++)
        {
            // Impossible tokens: 0 times minus infinity would not be a number.
            Vector<float> product = weightVectors[i] * Vector.Max(scoreVectors[i] - references, least);
            Vector.Widen(product, out Vector<double> low, out Vector<double> high);
            products += low + high;
        }
        double weighted = Vector.Sum(products);
        for (int i = scoreVectors.Length * Vector<float>.Count; i < scores.Length; i++)
            weighted += weights[i] * Math.Max(scores[i] - reference, LeastExponent);
        return Math.Log(sum) - (weighted / sum);
    }
}
