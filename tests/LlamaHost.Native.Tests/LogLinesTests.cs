using LlamaHost.Native.Loading;

namespace LlamaHost.Native.Tests;

/// <summary>Lines out of llama.cpp's parts.</summary>
public sealed class LogLinesTests
{
    private readonly List<(NativeLogLevel Level, string Line)> _lines = [];

    [Fact]
    public void Parts_become_one_line_with_the_level_of_the_first()
    {
        var lines = new LogLines((level, line) => _lines.Add((level, line)));

        lines.Add(NativeLogLevel.Warn, "one ");
        lines.Add(NativeLogLevel.Continue, "two");
        Assert.Empty(_lines);
        lines.Add(NativeLogLevel.Continue, "\n");

        Assert.Equal([(NativeLogLevel.Warn, "one two")], _lines);
    }

    [Fact]
    public void One_part_may_hold_several_lines()
    {
        var lines = new LogLines((level, line) => _lines.Add((level, line)));

        lines.Add(NativeLogLevel.Info, "one\n\ntwo\nthree");
        lines.Add(NativeLogLevel.Error, "four\n");

        Assert.Equal(
            [(NativeLogLevel.Info, "one"), (NativeLogLevel.Info, "two"), (NativeLogLevel.Info, "three"), (NativeLogLevel.Error, "four")], _lines);
    }

    [Fact]
    public void Dots_of_progress_are_left_out()
    {
        var lines = new LogLines((level, line) => _lines.Add((level, line)));

        lines.Add(NativeLogLevel.Continue, ".");
        lines.Add(NativeLogLevel.Continue, ".");
        lines.Add(NativeLogLevel.Continue, "\n");

        Assert.Empty(_lines);
    }
}
