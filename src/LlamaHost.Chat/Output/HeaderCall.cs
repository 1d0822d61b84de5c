namespace LlamaHost.Chat.Output;

/// <summary>Reads a header with a tool's name and the JSON object after it.</summary>
internal sealed class HeaderCall(ToolCallFormat format, EventSink sink, IReadOnlyDictionary<string, ToolDefinition>? tools) : ICallReader
{
    private const int LongestHeader = 300;

    private readonly JsonScanner _scanner = new();
    private string _raw = "";
    private string? _name;

    /// <inheritdoc/>
    public string Rest => _raw;

    /// <inheritdoc/>
    public bool IsStarted { get; private set; }

    /// <inheritdoc/>
    public bool HasAllArguments => _scanner.IsDone;

    /// <summary>Whether the header says that plain text follows.</summary>
    public bool IsText { get; private set; }

    /// <inheritdoc/>
    public bool? Push(char c)
    {
        if (_name is null)
            return ReadHeader(c);
        if (!IsStarted)
        {
            _raw += c;
            if (c is ' ' or '\t' or '\n' or '\r')
                return null;
            if (c != '{')
                return false;
            IsStarted = true;
            sink.Start(_name);
        }
        if (!_scanner.Push(c))
        {
            _raw = c.ToString();
            return false;
        }
        sink.Arguments([c]);
        return _scanner.IsDone ? true : null;
    }

    private bool? ReadHeader(char c)
    {
        _raw += c;
        if (!_raw.EndsWith(format.HeaderEnd, StringComparison.Ordinal))
            return _raw.Length < LongestHeader && IsPossible() ? null : false;
        string name = _raw[..^format.HeaderEnd.Length];
        if (format.HeaderStart.Length > 0 && name.StartsWith(format.HeaderStart, StringComparison.Ordinal))
            name = name[format.HeaderStart.Length..];
        if (format.HeaderRest.Length > 0 && name.IndexOf(format.HeaderRest, StringComparison.Ordinal) is >= 0 and var rest)
            name = name[..rest];
        _name = name.Trim();
        if (_name == format.TextName)
            IsText = true;
        return IsText || _name.Length == 0 || _name.Any(char.IsWhiteSpace) || tools?.ContainsKey(_name) == false ? false : null;
    }

    // Where names are known, a header that begins otherwise is text at once, so that streams of text don't wait for a header's end.
    private bool IsPossible()
    {
        if (tools is null || format.HeaderStart.Length > 0 || format.HeaderRest.Length > 0)
            return true;
        string soFar = _raw.TrimStart();
        return tools.Keys.Append(format.TextName ?? "").Any(
            name => (name + format.HeaderEnd).StartsWith(soFar, StringComparison.Ordinal)
                || soFar.StartsWith(name, StringComparison.Ordinal) && name.Length > 0);
    }
}
