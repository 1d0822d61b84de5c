using LlamaHost.Server.Score;

namespace LlamaHost.Server.Tests.Score;

public sealed class WindowTests
{
    [Fact]
    public void Every_token_but_the_first_is_scored_once_in_a_window_that_fits_with_at_least_one_token_before_it()
    {
        for (int context = 2; context <= 9; context++)
        {
            for (int stride = 1; stride < context; stride++)
            {
                for (int tokens = 1; tokens <= 40; tokens++)
                {
                    Window[] windows = [.. Window.Over(tokens, context, stride)];

                    Assert.Equal(
                        Enumerable.Range(1, tokens - 1), windows.SelectMany(one => Enumerable.Range(one.FirstScored, one.End - one.FirstScored)));
                    Assert.All(windows, one => Assert.InRange(one.End - one.Begin, 1, context));
                    Assert.All(windows, one => Assert.True(one.Begin < one.FirstScored));
                    Assert.Equal(windows.Length, Window.Count(tokens, context, stride));
                }
            }
        }
    }

    [Fact]
    public void Windows_are_those_of_the_perplexity_guide() =>
        // for begin in range(0, 10, 3): end = min(begin + 5, 10), scored from the end before.
        Assert.Equal([new Window(0, 1, 5), new Window(3, 5, 8), new Window(6, 8, 10)], Window.Over(10, 5, 3));

    [Fact]
    public void Counting_windows_makes_none() => Assert.Equal(int.MaxValue - 99L, Window.Count(int.MaxValue, 100, 1));
}
