using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace LlamaHost.Engine.Sampling;

/// <summary>Probabilities of scores, up to a common factor, in one pass over them.</summary>
internal static class Softmax
{
    // Below it the exponential leaves the range of a normal float: it is 0 then.
    private const float LeastExponent = -87.33f;

    /// <summary>Writes the exponentials of the scores' distances to a reference, and returns their sum.</summary>
    /// <param name="scores">Scores.</param>
    /// <param name="reference">The largest score.</param>
    /// <param name="weights">Receives them; equal scores get equal ones.</param>
    /// <returns>NaN if the reference is not a finite number; the weights are undefined then.</returns>
    public static double Exponentiate(ReadOnlySpan<float> scores, float reference, Span<float> weights)
    {
        if (!float.IsFinite(reference))
            return double.NaN;
        ReadOnlySpan<Vector512<float>> scoreVectors = MemoryMarshal.Cast<float, Vector512<float>>(scores);
        Span<Vector512<float>> weightVectors = MemoryMarshal.Cast<float, Vector512<float>>(weights);
        Vector512<double> sums = Vector512<double>.Zero;
        for (int i = 0; i < scoreVectors.Length && i < weightVectors.Length; i++)
        {
            Vector512<float> weight = Exp(scoreVectors[i] - Vector512.Create(reference));
            weightVectors[i] = weight;
            (Vector512<double> low, Vector512<double> high) = Vector512.Widen(weight);
            sums += low + high;
        }
        int done = scoreVectors.Length * Vector512<float>.Count;
        if (done == scores.Length)
            return Vector512.Sum(sums);
        // By the same function, so that equal scores are equally likely wherever they stand.
        Span<float> rest = stackalloc float[Vector512<float>.Count];
        rest.Fill(float.NegativeInfinity);
        scores[done..].CopyTo(rest);
        Vector512<float> last = Exp(Vector512.Create<float>(rest) - Vector512.Create(reference));
        last.CopyTo(rest);
        rest[..(scores.Length - done)].CopyTo(weights[done..]);
        (Vector512<double> lastLow, Vector512<double> lastHigh) = Vector512.Widen(last);
        return Vector512.Sum(sums + lastLow + lastHigh);
    }

    // e^x = 2^k · e^r, with k the nearest whole number to x / ln 2, and e^r by its Taylor series: r is at most ln 2 / 2, so that the terms left out
    // are far below a float's precision. Half as dear as the library's, which computes in double precision. For x up to 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Exp(Vector512<float> x)
    {
        Vector512<float> inRange = Vector512.GreaterThanOrEqual(x, Vector512.Create(LeastExponent));
        Vector512<float> k = Vector512.Round(x * Vector512.Create(1.44269504f)) & inRange;
        // ln 2 in two parts: k times the first is exact.
        Vector512<float> r = Vector512.FusedMultiplyAdd(k, Vector512.Create(-0.693359375f), x);
        r = Vector512.FusedMultiplyAdd(k, Vector512.Create(2.12194440e-4f), r);
        Vector512<float> sum = Vector512.Create(1f / 5040);
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(1f / 720));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(1f / 120));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(1f / 24));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(1f / 6));
        sum = Vector512.FusedMultiplyAdd(sum, r, Vector512.Create(1f / 2));
        sum = Vector512.FusedMultiplyAdd(sum, r * r, r) + Vector512<float>.One;
        // 2^k, written into the exponent of a float.
        Vector512<float> power = ((Vector512.ConvertToInt32Native(k) + Vector512.Create(127)) << 23).AsSingle();
        return (sum * power) & inRange;
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
