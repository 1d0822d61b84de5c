namespace LlamaHost.Bench.Measurement;

/// <summary>
/// Compares two ways of doing the same work. They take turns, so that whatever else the machine does hits both alike, and each turn gives one ratio.
/// </summary>
/// <param name="Baseline">Work per second of the one compared with, median of the turns.</param>
/// <param name="Subject">Work per second of the one measured, median of the turns.</param>
/// <param name="Ratio">Subject over baseline, median of the turns.</param>
/// <param name="Lowest">Smallest ratio of a turn.</param>
/// <param name="Highest">Largest ratio of a turn.</param>
internal sealed record PairedRatio(double Baseline, double Subject, double Ratio, double Lowest, double Highest)
{
    /// <param name="turns">How often each is measured, after one turn that does not count.</param>
    /// <param name="baseline">Does the work once and returns its speed.</param>
    /// <param name="subject">Does the work once and returns its speed.</param>
    public static async Task<PairedRatio> MeasureAsync(int turns, Func<Task<double>> baseline, Func<Task<double>> subject)
    {
        await baseline().ConfigureAwait(false);
        await subject().ConfigureAwait(false);
        List<(double Baseline, double Subject)> pairs = [];
        for (int turn = 0; turn < turns; turn++)
        {
            // Who goes first alternates too.
            if (turn % 2 == 0)
            {
                double first = await baseline().ConfigureAwait(false);
                pairs.Add((first, await subject().ConfigureAwait(false)));
            }
            else
            {
                double first = await subject().ConfigureAwait(false);
                pairs.Add((await baseline().ConfigureAwait(false), first));
            }
        }
        double[] ratios = [.. pairs.Select(pair => pair.Subject / pair.Baseline).Order()];
        return new PairedRatio(
            Median([.. pairs.Select(pair => pair.Baseline).Order()]), Median([.. pairs.Select(pair => pair.Subject).Order()]), Median(ratios), ratios[0], ratios[^1]);
    }

    private static double Median(double[] sorted) =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
}
