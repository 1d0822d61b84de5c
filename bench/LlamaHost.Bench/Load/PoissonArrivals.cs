namespace LlamaHost.Bench.Load;

/// <summary>When requests of many independent users come: the time between two is exponentially distributed.</summary>
internal static class PoissonArrivals
{
    /// <param name="random">Where chance comes from.</param>
    /// <param name="rate">Requests per second on average.</param>
    /// <param name="count">How many.</param>
    /// <returns>Times from the start, ascending.</returns>
    public static TimeSpan[] Draw(Random random, double rate, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        var arrivals = new TimeSpan[count];
        double seconds = 0;
        for (int i = 0; i < count; i++)
        {
            // NextDouble can be 0 but not 1.
            seconds -= Math.Log(1 - random.NextDouble()) / rate;
            arrivals[i] = TimeSpan.FromSeconds(seconds);
        }
        return arrivals;
    }
}
