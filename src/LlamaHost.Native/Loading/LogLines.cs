using System.Text;

namespace LlamaHost.Native.Loading;

/// <summary><c>enum ggml_log_level</c>.</summary>
internal enum NativeLogLevel
{
    None = 0,
    Debug = 1,
    Info = 2,
    Warn = 3,
    Error = 4,

    /// <summary>Continues the line before.</summary>
    Continue = 5,
}

/// <summary>Puts whole lines together: llama.cpp logs in parts, one line in several or several in one. Thread-safe.</summary>
internal sealed class LogLines(Action<NativeLogLevel, string> write)
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _open = new();
    private NativeLogLevel _level;

    public void Add(NativeLogLevel level, string part)
    {
        List<(NativeLogLevel Level, string Line)> complete = [];
        lock (_gate)
        {
            if (level != NativeLogLevel.Continue)
            {
                Complete(complete);
                _level = level;
            }
            string[] lines = part.Split('\n');
            foreach (string line in lines.AsSpan(..^1))
            {
                _open.Append(line);
                Complete(complete);
            }
            _open.Append(lines[^1]);
        }
        foreach ((NativeLogLevel lineLevel, string line) in complete)
            write(lineLevel, line);
    }

    private void Complete(List<(NativeLogLevel Level, string Line)> complete)
    {
        string line = _open.ToString().TrimEnd();
        _open.Clear();
        // Loading draws a row of dots.
        if (line.Trim('.').Length > 0)
            complete.Add((_level, line));
    }
}
