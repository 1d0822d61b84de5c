using CsCheck;
using LlamaHost.Engine.Sampling;

namespace LlamaHost.Engine.Tests.Sampling;

public sealed class WeightedQuantileTests
{
    // Few distinct keys, so that ties are common; whole weights, so that sums are exact in any order.
    private static readonly Gen<(float Key, float Weight)[]> Pairs = Gen.Select(
        Gen.OneOf(Gen.Int[-5, 5].Select(value => (float)value), Gen.Single[-100, 100], Gen.OneOf(float.PositiveInfinity, float.NegativeInfinity)),
        Gen.Int[0, 9].Select(value => (float)value)).Array[1, 500];

    [Fact]
    public void It_is_where_the_running_sum_of_sorted_keys_passes_the_target() =>
        Gen.Select(Pairs, Gen.Int[0, 100]).Sample((pairs, percent) =>
        {
            double target = Math.Floor(pairs.Sum(pair => pair.Weight) * percent / 100.0);
            AssertFound(pairs, target, [.. pairs.Select(pair => pair.Weight)]);
        });

    [Fact]
    public void Without_weights_each_key_counts_once() =>
        Gen.Select(Pairs, Gen.Int[0, 500]).Sample((pairs, target) => AssertFound([.. pairs.Select(pair => (pair.Key, 1f))], target, []));

    [Fact]
    public void Keys_may_be_their_own_weights() =>
        Gen.Select(Gen.Int[0, 40].Array[1, 500], Gen.Int[0, 100]).Sample((values, percent) =>
        {
            float[] keys = [.. values.Select(value => (float)value)];
            double target = Math.Floor(keys.Sum() * percent / 100.0);
            AssertFound([.. keys.Select(key => (key, key))], target, keys, keys);
        });

    [Fact]
    public void Sums_do_not_lose_small_numbers_among_many() =>
        Assert.Equal(1 + (100_000 * (double)1e-8f), WeightedQuantile.Sum([1, .. Enumerable.Repeat(1e-8f, 100_000)]), 1e-12);

    private static void AssertFound((float Key, float Weight)[] pairs, double target, float[] weights, float[]? keys = null)
    {
        double below = 0;
        float found = WeightedQuantile.Find(
            keys ?? [.. pairs.Select(pair => pair.Key)], weights, target, ref below, new ulong[BitMask.Words(pairs.Length)]);

        double sum = 0;
        float expected = pairs.OrderBy(pair => pair.Key).Select(pair => (pair.Key, Sum: sum += pair.Weight)).ToArray()
            .Where(running => running.Sum > target).Select(running => running.Key).Append(pairs.Max(pair => pair.Key)).First();
        Assert.Equal(expected, found);
        Assert.Equal(pairs.Where(pair => pair.Key < expected).Sum(pair => (double)pair.Weight), below);
    }
}
