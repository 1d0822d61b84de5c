using LlamaHost.Bench.Load;

namespace LlamaHost.Bench.Tests;

public sealed class PoissonArrivalsTests
{
    private const int Count = 20_000;

    private static readonly double[] Gaps = GapsOf(PoissonArrivals.Draw(new Random(1), rate: 4, Count));

    [Fact]
    public void Requests_come_at_the_rate() =>
        // The mean's standard error is 0.25 / sqrt(20,000), below 0.002.
        Assert.Equal(0.25, Gaps.Average(), 0.01);

    [Fact]
    public void The_time_between_two_has_an_exponential_distribution()
    {
        // Kolmogorov and Smirnov: the critical distance at a probability of 0.001 is 1.95 / sqrt(n).
        double distance = Gaps.Order().Select((gap, i) => Math.Abs(1 - Math.Exp(-4 * gap) - ((i + 0.5) / Count))).Max();

        Assert.InRange(distance, 0, 1.95 / Math.Sqrt(Count));
    }

    [Fact]
    public void One_time_says_nothing_about_the_next()
    {
        double mean = Gaps.Average();
        double variance = Gaps.Average(gap => (gap - mean) * (gap - mean));
        double correlation = Gaps.Zip(Gaps.Skip(1), (one, next) => (one - mean) * (next - mean)).Average() / variance;

        // The standard error is 1 / sqrt(20,000).
        Assert.InRange(correlation, -0.03, 0.03);
    }

    [Fact]
    public void A_seed_gives_them_again() =>
        Assert.Equal(PoissonArrivals.Draw(new Random(7), 2, 10), PoissonArrivals.Draw(new Random(7), 2, 10));

    private static double[] GapsOf(TimeSpan[] arrivals) =>
        [.. arrivals.Prepend(TimeSpan.Zero).Zip(arrivals, (before, after) => (after - before).TotalSeconds)];
}
