using LlamaHost.Bench.Load;

namespace LlamaHost.Bench.Tests;

public sealed class LengthMixTests
{
    [Fact]
    public void One_length_is_always_drawn() => Assert.All(Draw("128", 20), length => Assert.Equal(128, length));

    [Fact]
    public void A_range_gives_all_its_lengths_with_both_ends() => Assert.Equal(Enumerable.Range(3, 4), Draw("3-6", 1000).Distinct().Order());

    [Fact]
    public void Weights_say_how_often_a_part_is_drawn()
    {
        int longOnes = Draw("1-9:3,1000:1", 10_000).Count(length => length == 1000);

        // A quarter, with a standard deviation of 43.
        Assert.InRange(longOnes, 2300, 2700);
    }

    [Fact]
    public void The_longest_is_known() => Assert.Equal(1024, LengthMix.Parse("32-64:0.8, 1024:0.2").Longest);

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("9-3")]
    [InlineData("1-2-3")]
    [InlineData("5:0")]
    [InlineData("5:NaN")]
    [InlineData("5:1:1")]
    [InlineData("5,")]
    [InlineData("many")]
    public void What_is_no_mix_is_refused(string text) => Assert.Throws<FormatException>(() => LengthMix.Parse(text));

    private static int[] Draw(string mix, int count)
    {
        var parsed = LengthMix.Parse(mix);
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => parsed.Draw(random))];
    }
}
