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
    /// <param name="cancellationToken">Stops between two measurements.</param>
    public static async Task<PairedRatio> MeasureAsync(
        int turns, Func<Task<double>> baseline, Func<Task<double>> subject, CancellationToken cancellationToken)
    {
        await AloneAsync(baseline, cancellationToken).ConfigureAwait(false);
        await AloneAsync(subject, cancellationToken).ConfigureAwait(false);
        List<(double Baseline, double Subject)> pairs = [];
        for (int turn = 0; turn < turns; turn++)
        {
            // Who goes first alternates too.
            if (turn % 2 == 0)
            {
                double first = await AloneAsync(baseline, cancellationToken).ConfigureAwait(false);
                pairs.Add((first, await AloneAsync(subject, cancellationToken).ConfigureAwait(false)));
            }
            else
            {
                double first = await AloneAsync(subject, cancellationToken).ConfigureAwait(false);
                pairs.Add((await AloneAsync(baseline, cancellationToken).ConfigureAwait(false), first));
            }
        }
        return new PairedRatio(
            Median(pairs.Select(pair => pair.Baseline)),
            Median(pairs.Select(pair => pair.Subject)),
            Median(pairs.Select(pair => pair.Subject / pair.Baseline)),
            pairs.Min(pair => pair.Subject / pair.Baseline),
            pairs.Max(pair => pair.Subject / pair.Baseline));
    }

    private static async Task<double> AloneAsync(Func<Task<double>> measure, CancellationToken cancellationToken)
    {
        await ProcessRest.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await measure().ConfigureAwait(false);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
