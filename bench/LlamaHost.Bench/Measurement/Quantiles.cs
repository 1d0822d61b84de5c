namespace LlamaHost.Bench.Measurement;

/// <summary>Quantiles of a sample, interpolated linearly between its order statistics (type 7 of Hyndman and Fan, as in NumPy and R).</summary>
internal static class Quantiles
{
    /// <param name="sample">In any order.</param>
    /// <param name="probability">0 is the smallest, 1 the largest.</param>
    /// <returns>NaN for an empty sample.</returns>
    public static double Of(IEnumerable<double> sample, double probability)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(probability);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(probability, 1);
        double[] sorted = [.. sample.Order()];
        if (sorted.Length == 0)
            return double.NaN;
        double position = probability * (sorted.Length - 1);
        int below = (int)position;
        return below == sorted.Length - 1 ? sorted[below] : sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below]));
    }

    /// <summary>The sample's median.</summary>
    public static double Median(IEnumerable<double> sample) => Of(sample, 0.5);
}
