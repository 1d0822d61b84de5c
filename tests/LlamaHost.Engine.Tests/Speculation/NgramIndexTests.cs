using CsCheck;
using LlamaHost.Engine.Speculation;

namespace LlamaHost.Engine.Tests.Speculation;

public sealed class NgramIndexTests
{
    [Fact]
    public void The_longest_match_is_found_and_the_latest_of_equal_ones() =>
        Gen.Select(Gen.Int[0, 3].Array[1, 60], Gen.Int[1, 3], Gen.Int[1, 8]).Sample((text, size, extra) =>
        {
            int most = size + extra;
            var index = new NgramIndex(size, 16);
            for (int length = 1; length <= text.Length; length++)
            {
                ReadOnlySpan<int> tokens = text.AsSpan(0, length);
                (int place, int matching) = index.Find(tokens, most);
                index.Extend(tokens);
                (int expectedPlace, int expectedMatching) = FindSlowly(text[..length], size, most);
                Assert.Equal((expectedPlace, expectedMatching), (place, matching));
            }
        });

    [Fact]
    public void A_copy_grows_on_its_own()
    {
        var index = new NgramIndex(2, 4);
        index.Extend([1, 2, 3, 1]);
        var copy = new NgramIndex(index);
        copy.Extend([1, 2, 3, 1, 9, 9]);
        Assert.Equal((5, 2), copy.Find([1, 2, 3, 1, 9, 9, 1, 9], 8) is var found ? (found.Place, found.Matching) : default);
        Assert.Equal((-1, 0), index.Find([1, 2, 3, 1, 1, 9], 8));
        Assert.Equal((2, 2), index.Find([1, 2, 3, 1, 2], 8));
    }

    // Of the latest sixteen places that the run itself stands at.
    private static (int, int) FindSlowly(int[] text, int size, int most)
    {
        (int best, int longest) = (-1, 0);
        int seen = 0;
        for (int place = text.Length - 1; place >= size && seen < 16; place--)
        {
            int matching = 0;
            while (matching < Math.Min(most, place) && text[place - 1 - matching] == text[^(matching + 1)])
                matching++;
            if (matching < size)
                continue;
            seen++;
            if (matching > longest)
                (best, longest) = (place, matching);
        }
        return (best, longest);
    }
}
