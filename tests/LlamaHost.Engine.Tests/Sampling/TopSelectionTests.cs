using CsCheck;
using LlamaHost.Engine.Sampling;

namespace LlamaHost.Engine.Tests.Sampling;

public sealed class TopSelectionTests
{
    // Few distinct values, so that ties are common.
    private static readonly Gen<float[]> Values = Gen.OneOf(
        Gen.Int[-5, 5].Select(value => (float)value).Array[1, 900],
        Gen.Single[-100, 100].Array[1, 900]);

    [Fact]
    public void The_kth_largest_equals_that_of_a_full_sort() =>
        Gen.Select(Values, Gen.Int[1, 1000]).Sample((values, k) =>
        {
            float expected = values.OrderDescending().ElementAt(Math.Min(k, values.Length) - 1);
            Assert.Equal(expected, TopSelection.KthLargest(values, k, new float[values.Length]));
        });

    [Fact]
    public void The_largest_come_in_order_and_ties_by_index() =>
        Gen.Select(Values, Gen.Int[0, 30]).Sample((values, count) =>
        {
            int[] indices = new int[Math.Min(count, values.Length)];
            TopSelection.Largest(values, indices, new float[values.Length]);
            Assert.Equal(
                Enumerable.Range(0, values.Length).OrderByDescending(index => values[index]).ThenBy(index => index).Take(indices.Length), indices);
        });

    [Fact]
    public void What_is_not_a_number_is_never_among_the_largest()
    {
        float[] values = [float.NaN, 1, float.NaN, 3, 2, float.NaN];
        Assert.Equal(2, TopSelection.KthLargest(values, 2, new float[6]));
        float[] many = [.. Enumerable.Repeat(float.NaN, 400), .. Enumerable.Range(0, 400).Select(value => (float)value)];
        Assert.Equal(100, TopSelection.KthLargest(many, 300, new float[800]));
    }
}
