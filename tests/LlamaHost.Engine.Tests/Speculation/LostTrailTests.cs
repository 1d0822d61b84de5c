using LlamaHost.Engine.Speculation;

namespace LlamaHost.Engine.Tests.Speculation;

public sealed class LostTrailTests
{
    // A text, and then the same again with something changed: the place where it is met, after so many tokens of the copy.
    [Theory]
    [InlineData(new[] { 1, 2, 3, 4, 5, 99, 7 }, 7)]
    [InlineData(new[] { 1, 2, 3, 4, 5, 98, 99, 7 }, 7)]
    [InlineData(new[] { 1, 2, 3, 4, 5, 8 }, 8)]
    [InlineData(new[] { 1, 2, 3, 4, 5, 99, 98, 97, 6 }, 6)]
    [InlineData(new[] { 1, 2, 3, 99, 7 }, -1)]
    [InlineData(new[] { 1, 2, 3, 4, 5, 99, 30 }, -1)]
    public void An_edited_text_meets_the_original_nearby(int[] copy, int expected)
    {
        int[] original = [.. Enumerable.Range(1, 40)];
        int left = copy.TakeWhile((token, index) => token == original[index]).Count();
        var trail = default(LostTrail);
        for (int i = 0; i < copy.Length; i++)
        {
            trail.Advance();
            if (i == left)
                trail.Leave(left + 1, left);
        }

        Assert.Equal(expected, trail.Find([.. original, .. copy]));
    }

    [Fact]
    public void A_text_that_goes_its_own_way_is_not_looked_for_any_longer()
    {
        var trail = default(LostTrail);
        trail.Leave(5, 10);
        for (int i = 0; i < 17; i++)
            trail.Advance();
        Assert.Equal(-1, trail.Find([.. Enumerable.Range(1, 40), 22]));
    }
}
