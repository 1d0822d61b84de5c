using CsCheck;
using LlamaHost.Engine.Text;

namespace LlamaHost.Engine.Tests.Text;

public sealed class StopTextMatcherTests
{
    private static readonly Gen<string> Short = Gen.Char["ab"].Array[1, 4].Select(characters => new string(characters));

    [Fact]
    public void The_result_does_not_depend_on_where_the_text_is_cut() =>
        Gen.Select(Short.Array[1, 3], Gen.Char["abc"].Array[0, 30], Gen.Int[1, 6].Array[1, 10]).Sample((stops, characters, sizes) =>
        {
            string text = new(characters);
            (string expected, string? found) = FirstComplete(text, stops);
            var matcher = new StopTextMatcher(stops);
            string actual = "";
            int start = 0;
            for (int i = 0; start < text.Length && matcher.Found is null; i++)
            {
                int size = Math.Min(sizes[i % sizes.Length], text.Length - start);
                actual += matcher.Push(text.Substring(start, size));
                Assert.StartsWith(actual, expected, StringComparison.Ordinal);
                start += size;
            }
            Assert.Equal(expected, actual + matcher.Flush());
            Assert.Equal(found, matcher.Found);
        });

    [Fact]
    public void Text_that_no_stop_can_begin_with_is_not_held_back()
    {
        var matcher = new StopTextMatcher(["###", "\n\nUser"]);
        Assert.Equal("Hello", matcher.Push("Hello"));
        Assert.Equal("", matcher.Push("##"));
        Assert.Equal("## a", matcher.Push(" a"));
        Assert.Equal(" b", matcher.Push(" b\n\nUse"));
        Assert.Equal("", matcher.Push("r:"));
        Assert.Equal("\n\nUser", matcher.Found);
    }

    private static (string Text, string? Found) FirstComplete(string text, string[] stops)
    {
        for (int end = 1; end <= text.Length; end++)
        {
            string? found = stops.Where(stop => text[..end].EndsWith(stop, StringComparison.Ordinal)).MaxBy(stop => stop.Length);
            if (found is not null)
                return (text[..(end - found.Length)], found);
        }
        return (text, null);
    }
}
