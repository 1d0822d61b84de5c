using CsCheck;
using LlamaHost.Bench.Measurement;

namespace LlamaHost.Bench.Tests;

public sealed class QuantilesTests
{
    private static readonly Gen<double[]> Samples = Gen.Double[-1e6, 1e6].Array[1, 40];

    [Fact]
    public void Values_are_those_of_NumPy()
    {
        double[] sample = [15, 20, 35, 40, 50];

        Assert.Equal([15, 29, 35, 44, 50], new[] { 0, 0.4, 0.5, 0.85, 1 }.Select(probability => Math.Round(Quantiles.Of(sample, probability), 9)));
    }

    [Fact]
    public void An_empty_sample_has_none() => Assert.True(double.IsNaN(Quantiles.Median([])));

    [Fact]
    public void The_ends_are_the_smallest_and_the_largest() =>
        Samples.Sample(sample => Quantiles.Of(sample, 0) == sample.Min() && Quantiles.Of(sample, 1) == sample.Max());

    [Fact]
    public void They_rise_with_the_probability() =>
        Gen.Select(Samples, Gen.Double.Unit, Gen.Double.Unit)
            .Sample((sample, one, other) => Quantiles.Of(sample, Math.Min(one, other)) <= Quantiles.Of(sample, Math.Max(one, other)) + 1e-6);

    [Fact]
    public void The_order_of_the_sample_does_not_matter() =>
        Gen.Select(Samples, Gen.Double.Unit)
            .Sample((sample, probability) => Quantiles.Of(sample, probability) == Quantiles.Of(sample.Reverse(), probability));
}
