namespace LlamaHost.Native.Loading;

/// <summary>Collects what llama.cpp complains about on the thread that created it, until disposed: its functions return no reasons.</summary>
internal sealed class ComplaintLog : IDisposable
{
    private readonly LogRelay _relay;
    private readonly NativeLogLevel _least;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<string> _lines = [];

    /// <param name="relay">Where the lines come from.</param>
    /// <param name="least">The least level that counts.</param>
    public ComplaintLog(LogRelay relay, NativeLogLevel least = NativeLogLevel.Warn)
    {
        _relay = relay;
        _least = least;
        _relay.Line += Add;
    }

    /// <summary>Lines so far, oldest first.</summary>
    public IReadOnlyList<string> Lines => _lines;

    public void Dispose() => _relay.Line -= Add;

    private void Add(int thread, NativeLogLevel level, string line)
    {
        if (thread == _thread && level >= _least)
            _lines.Add(line);
    }
}
