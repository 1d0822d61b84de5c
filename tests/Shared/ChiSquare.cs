namespace LlamaHost.Tests;

/// <summary>Pearson's chi-square test of how often tokens were drawn against how often they should have been.</summary>
internal static class ChiSquare
{
    // Classes of which fewer are expected are counted together: the statistic needs a handful in each.
    private const double FewestExpected = 8;

    /// <summary>Fails if so large a deviation comes about by chance less than once in 100,000 times.</summary>
    public static void AssertFits(IEnumerable<(double Expected, int Seen)> tokens)
    {
        (double Expected, double Seen)[] classes =
        [
            .. tokens.Index().GroupBy(one => one.Item.Expected < FewestExpected ? -1 : one.Index, one => one.Item)
                .Select(same => (same.Sum(one => one.Expected), (double)same.Sum(one => one.Seen)))
                .Where(one => one.Item1 > 0.5),
        ];
        double statistic = classes.Sum(one => Math.Pow(one.Seen - one.Expected, 2) / one.Expected);
        Assert.True(statistic <= Quantile(Math.Max(1, classes.Length - 1)), $"chi-square {statistic} with {classes.Length - 1} degrees of freedom");
    }

    // By Wilson and Hilferty's approximation.
    private static double Quantile(int degrees)
    {
        double part = 2.0 / (9 * degrees);
        return degrees * Math.Pow(1 - part + (4.265 * Math.Sqrt(part)), 3);
    }
}
