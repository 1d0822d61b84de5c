namespace LlamaHost.Native.Loading;

/// <summary>Collects what llama.cpp complains about on the thread that created it, until disposed: its functions return no reasons.</summary>
internal sealed class ComplaintLog : IDisposable
{
    private readonly LogRelay _relay;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<string> _lines = [];

    public ComplaintLog(LogRelay relay)
    {
        _relay = relay;
        _relay.Complaint += Add;
    }

    /// <summary>Lines so far, oldest first.</summary>
    public IReadOnlyList<string> Lines => _lines;

    public void Dispose() => _relay.Complaint -= Add;

    private void Add(int thread, string line)
    {
        if (thread == _thread)
            _lines.Add(line);
    }
}
