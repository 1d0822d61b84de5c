using System.Text;
using System.Text.Json;

namespace LlamaHost.Chat.Output;

/// <summary>Reads a call that is one JSON object: <c>{"name": …, "arguments": …}</c>.</summary>
internal sealed class CallObject(EventSink sink, IReadOnlyDictionary<string, ToolDefinition>? tools) : ICallReader
{
    private static readonly string[] NameKeys = ["name", "tool_name"];
    private static readonly string[] ArgumentKeys = ["arguments", "parameters"];

    private readonly JsonScanner _scanner = new();
    private readonly StringBuilder _raw = new();
    private readonly StringBuilder _part = new();
    private readonly StringBuilder _waiting = new();
    private string _key = "";
    private bool _isInValue;
    private bool _hasArguments;
    private string? _name;

    /// <inheritdoc/>
    public string Rest => IsStarted ? _raw.ToString(_raw.Length - 1, 1) : _raw.ToString();

    /// <summary>Whether the call has started: its name is known, and there are arguments.</summary>
    public bool IsStarted { get; private set; }

    /// <inheritdoc/>
    public bool HasAllArguments { get; private set; }

    /// <inheritdoc/>
    public bool? Push(char c)
    {
        bool beginsValue = _scanner is { Depth: 1, ExpectsValue: true } && c is not (' ' or '\t' or '\n' or '\r');
        bool wasInKey = _scanner is { Depth: 1, IsInKey: true };
        _raw.Append(c);
        if (!_scanner.Push(c))
            return false;
        if (_scanner is { Depth: 1, IsInKey: true } || wasInKey)
            ReadKey(c, wasInKey);
        if (beginsValue)
            BeginValue();
        if (_isInValue && !ReadValue(c))
            return false;
        return !_scanner.IsDone ? null : End();
    }

    private bool End()
    {
        if (!IsStarted && _name is not null && !_hasArguments && tools?.ContainsKey(_name) == true)
        {
            Start();
            sink.Arguments("{}");
            HasAllArguments = true;
        }
        return IsStarted;
    }

    private void ReadKey(char c, bool wasInKey)
    {
        if (!wasInKey)
            _part.Clear();
        _part.Append(c);
        if (_scanner.IsAfterKey)
            _key = Decode(_part.ToString());
    }

    private void BeginValue()
    {
        _isInValue = NameKeys.Contains(_key) || ArgumentKeys.Contains(_key) && !HasAllArguments;
        _part.Clear();
        _hasArguments |= ArgumentKeys.Contains(_key);
    }

    private bool ReadValue(char c)
    {
        bool hasEnded = _scanner.IsAfterValue && _scanner.Depth <= 1;
        if (NameKeys.Contains(_key))
        {
            _part.Append(c);
            return _part[0] == '"' && (!hasEnded || EndName());
        }
        // Arguments as an object are passed on as they come, arguments as a text when it has ended.
        if (_part.Length == 0 && c is not ('{' or '"'))
            return false;
        _part.Append(c);
        if (_part[0] == '{')
            Pass([c]);
        if (!hasEnded)
            return true;
        _isInValue = false;
        string text = _part[0] == '"' ? Decode(_part.ToString()) : "";
        if (_part[0] == '"' && !IsObject(text))
            return false;
        Pass(text);
        HasAllArguments = true;
        return true;
    }

    private bool EndName()
    {
        _isInValue = false;
        if (_name is not null)
            return false;
        _name = Decode(_part.ToString());
        if (_name.Length == 0 || tools?.ContainsKey(_name) == false)
            return false;
        Pass("");
        return true;
    }

    // Arguments that come before the name wait for it.
    private void Pass(string json)
    {
        _waiting.Append(json);
        if (_name is null || _waiting.Length == 0)
            return;
        if (!IsStarted)
            Start();
        sink.Arguments(_waiting.ToString());
        _waiting.Clear();
    }

    private void Pass(ReadOnlySpan<char> json) => Pass(json.ToString());

    private void Start()
    {
        IsStarted = true;
        sink.Start(_name!);
    }

    private static string Decode(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.GetString() ?? "";
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair is JSON, but no text.
            return "";
        }
    }

    private static bool IsObject(string json)
    {
        JsonScanner scanner = new();
        return json.TrimStart().StartsWith('{') && json.Trim().All(scanner.Push) && scanner.IsDone;
    }
}
