using System.Numerics;
using System.Runtime.InteropServices;

namespace LlamaHost.Engine.Sampling;

/// <summary>
/// Where a running sum of weights, in ascending order of keys, passes a target: a selection like Hoare's quickselect, in expected linear time and
/// with nothing sorted.
/// </summary>
internal static class WeightedQuantile
{
    private const int Sample = 9;

    /// <summary>
    /// The first key, in ascending order, at which the sum of the weights of all keys up to it is above the target; the largest if there is none.
    /// </summary>
    /// <param name="keys">At least one, none NaN; changed.</param>
    /// <param name="weights">One for each key, 0 or more; changed. May be the keys themselves. Empty: each weighs 1.</param>
    /// <param name="target">0 or more.</param>
    /// <param name="below">In: weight below all keys, not above the target. Out: weight below the found one.</param>
    /// <param name="mask">Room for a bit for each key; its content is lost.</param>
    public static float Find(Span<float> keys, Span<float> weights, double target, ref double below, Span<ulong> mask)
    {
        while (true)
        {
            float pivot = SampleMedian(keys);
            (double less, double equal) = weights.IsEmpty ? CountBelow(keys, pivot) : SumBelow(keys, weights, pivot);
            int kept;
            if (below + less > target)
            {
                kept = BitMask.Mark(keys, float.NegativeInfinity, MathF.BitDecrement(pivot), mask);
            }
            else
            {
                below += less;
                kept = BitMask.Mark(keys, MathF.BitIncrement(pivot), float.PositiveInfinity, mask);
                if (below + equal > target || kept == 0 || float.IsPositiveInfinity(pivot))
                    return pivot;
                below += equal;
            }
            ReadOnlySpan<ulong> marked = mask[..BitMask.Words(keys.Length)];
            if (!weights.IsEmpty && weights != keys)
                BitMask.Compact(marked, weights, weights);
            BitMask.Compact(marked, keys, keys);
            keys = keys[..kept];
            weights = weights.IsEmpty ? weights : weights[..kept];
        }
    }

    /// <summary>Sum, exact to the last digits of a <see langword="float"/> however many there are.</summary>
    public static double Sum(ReadOnlySpan<float> values)
    {
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        Vector<double> sums = Vector<double>.Zero;
        foreach (Vector<float> vector in vectors)
        {
            Vector.Widen(vector, out Vector<double> low, out Vector<double> high);
            sums += low + high;
        }
        double sum = Vector.Sum(sums);
        foreach (float value in values[(vectors.Length * Vector<float>.Count)..])
            sum += value;
        return sum;
    }

    /// <summary>How many are below a value, how many equal it, and how many are above. NaN is none of these.</summary>
    public static (int Less, int Equal, int Greater) Count(ReadOnlySpan<float> values, float pivot)
    {
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(values);
        var pivots = new Vector<float>(pivot);
        Vector<int> less = Vector<int>.Zero;
        Vector<int> equal = Vector<int>.Zero;
        Vector<int> greater = Vector<int>.Zero;
        foreach (Vector<float> vector in vectors)
        {
            // A comparison that holds is −1.
            less -= Vector.LessThan(vector, pivots);
            equal -= Vector.Equals(vector, pivots);
            greater -= Vector.GreaterThan(vector, pivots);
        }
        (int lessCount, int equalCount, int greaterCount) = (Vector.Sum(less), Vector.Sum(equal), Vector.Sum(greater));
        foreach (float value in values[(vectors.Length * Vector<float>.Count)..])
        {
            lessCount += value < pivot ? 1 : 0;
            equalCount += value == pivot ? 1 : 0;
            greaterCount += value > pivot ? 1 : 0;
        }
        return (lessCount, equalCount, greaterCount);
    }

    private static (double Less, double Equal) CountBelow(ReadOnlySpan<float> keys, float pivot)
    {
        (int less, int equal, _) = Count(keys, pivot);
        return (less, equal);
    }

    private static (double Less, double Equal) SumBelow(ReadOnlySpan<float> keys, ReadOnlySpan<float> weights, float pivot)
    {
        ReadOnlySpan<Vector<float>> keyVectors = MemoryMarshal.Cast<float, Vector<float>>(keys);
        ReadOnlySpan<Vector<float>> weightVectors = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var pivots = new Vector<float>(pivot);
        Vector<double> less = Vector<double>.Zero;
        Vector<double> equal = Vector<double>.Zero;
        for (int i = 0; i < keyVectors.Length && i < weightVectors.Length; i++)
        {
            Vector<float> lower = Vector.ConditionalSelect(Vector.LessThan(keyVectors[i], pivots), weightVectors[i], Vector<float>.Zero);
            Vector<float> same = Vector.ConditionalSelect(Vector.Equals(keyVectors[i], pivots), weightVectors[i], Vector<float>.Zero);
            Vector.Widen(lower, out Vector<double> lowerLow, out Vector<double> lowerHigh);
            Vector.Widen(same, out Vector<double> sameLow, out Vector<double> sameHigh);
            less += lowerLow + lowerHigh;
            equal += sameLow + sameHigh;
        }
        (double lessSum, double equalSum) = (Vector.Sum(less), Vector.Sum(equal));
        for (int i = keyVectors.Length * Vector<float>.Count; i < keys.Length; i++)
        {
            lessSum += keys[i] < pivot ? weights[i] : 0;
            equalSum += keys[i] == pivot ? weights[i] : 0;
        }
        return (lessSum, equalSum);
    }

    private static float SampleMedian(ReadOnlySpan<float> keys)
    {
        Span<float> sample = stackalloc float[Sample];
        int count = Math.Min(Sample, keys.Length);
        for (int i = 0; i < count; i++)
            sample[i] = keys[(int)(((2L * i) + 1) * keys.Length / (2 * count))];
        sample[..count].Sort();
        return sample[count / 2];
    }
}
