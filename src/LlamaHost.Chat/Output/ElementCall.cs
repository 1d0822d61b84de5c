namespace LlamaHost.Chat.Output;

/// <summary>Marks of a call whose parameters are elements, in the order in which they come.</summary>
/// <param name="Name">Stands before the tool's name; may be empty.</param>
/// <param name="NameEnd">Ends the name; empty: white space or the next mark does.</param>
/// <param name="Key">Stands before a parameter's name.</param>
/// <param name="KeyEnd">Ends it.</param>
/// <param name="Value">Stands before its value; may be empty.</param>
/// <param name="ValueEnd">Ends the value.</param>
/// <param name="End">Ends the call.</param>
internal sealed record ElementMarks(string Name, string NameEnd, string Key, string KeyEnd, string Value, string ValueEnd, string End)
{
    /// <summary>All marks.</summary>
    public IReadOnlyList<string> All => [Name, NameEnd, Key, KeyEnd, Value, ValueEnd, End];
}

/// <summary>
/// Reads a call with an element for each parameter and makes a JSON object of them. Values that can be texts alone are passed on as they come.
/// </summary>
/// <param name="marks">How the elements are marked.</param>
/// <param name="sink">Gets the call.</param>
/// <param name="tools">What can be called; null for anything. Their schemas say which values are texts.</param>
internal sealed class ElementCall(ElementMarks marks, EventSink sink, IReadOnlyDictionary<string, ToolDefinition>? tools) : ICallReader
{
    private const int LongestName = 300;

    private readonly ElementValue _value = new(sink);
    private readonly MarkerMatcher _valueEnd = new([marks.ValueEnd]);
    private State _state = marks.Name.Length > 0 ? State.BeforeName : State.Name;
    private string _raw = "";
    private string _part = "";
    private string _name = "";
    private bool _hasParameters;

    private enum State
    {
        BeforeName,
        Name,
        Between,
        Key,
        BeforeValue,
        Value,
    }

    /// <inheritdoc/>
    public string Rest => IsStarted ? _part : _raw;

    /// <inheritdoc/>
    public bool IsStarted { get; private set; }

    /// <inheritdoc/>
    public bool HasAllArguments { get; private set; }

    /// <inheritdoc/>
    public bool? Push(char c)
    {
        if (!IsStarted)
            _raw += c;
        if (_state == State.Value)
        {
            ReadValue(c);
            return null;
        }
        if (_part.Length == 0 && char.IsWhiteSpace(c))
            return null;
        _part += c;
        return _state switch
        {
            State.BeforeName => Expect(marks.Name, State.Name),
            State.Name => ReadName(),
            State.Between => ReadBetween(),
            State.Key => ReadKey(),
            _ => Expect(marks.Value, State.Value),
        };
    }

    private bool? Expect(string mark, State then)
    {
        if (!mark.StartsWith(_part, StringComparison.Ordinal))
            return false;
        if (_part.Length == mark.Length)
            (_part, _state) = ("", then);
        return null;
    }

    private bool? ReadName()
    {
        if (marks.NameEnd.Length > 0)
            return !_part.EndsWith(marks.NameEnd, StringComparison.Ordinal) ? IsShort() : Start(_part[..^marks.NameEnd.Length], "");
        char last = _part[^1];
        return !char.IsWhiteSpace(last) && last != marks.Key[0] ? IsShort() : Start(_part[..^1], char.IsWhiteSpace(last) ? "" : _part[^1..]);
    }

    private bool? Start(string name, string rest)
    {
        _name = name.Trim();
        if (_name.Length == 0 || _name.Any(char.IsWhiteSpace) || tools?.ContainsKey(_name) == false)
            return false;
        (IsStarted, _part, _state) = (true, rest, State.Between);
        sink.Start(_name);
        sink.Arguments("{");
        return null;
    }

    private bool? ReadBetween()
    {
        if (_part == marks.Key)
        {
            (_part, _state) = ("", State.Key);
            return null;
        }
        if (_part == marks.End)
        {
            sink.Arguments("}");
            HasAllArguments = true;
            return true;
        }
        return marks.Key.StartsWith(_part, StringComparison.Ordinal) || marks.End.StartsWith(_part, StringComparison.Ordinal) ? null : false;
    }

    private bool? ReadKey()
    {
        if (!_part.EndsWith(marks.KeyEnd, StringComparison.Ordinal))
            return IsShort();
        string key = _part[..^marks.KeyEnd.Length].Trim();
        sink.Arguments(_hasParameters ? ", " : "");
        _hasParameters = true;
        _value.Begin(key, ParameterTypes.Of(tools?.GetValueOrDefault(_name), key));
        (_part, _state) = ("", marks.Value.Length > 0 ? State.BeforeValue : State.Value);
        return null;
    }

    private void ReadValue(char c)
    {
        string? end = _valueEnd.Push(c, out string passed);
        _value.Add(passed);
        if (end is null)
            return;
        _value.End();
        _state = State.Between;
    }

    private bool? IsShort() => _part.Length < LongestName ? null : false;
}
