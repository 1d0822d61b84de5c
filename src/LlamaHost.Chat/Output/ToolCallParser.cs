using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Output;

/// <summary>
/// Finds tool calls in a model's answer, character by character, so it doesn't matter in which pieces the answer comes. What looked like a call and
/// is none comes out as the text that it is.
/// </summary>
internal sealed class ToolCallParser(ToolCallFormat format, IReadOnlyDictionary<string, ToolDefinition>? tools, EventSink sink)
{
    private readonly MarkerMatcher _openers = new(format.Openers);
    private MarkerMatcher _closers = new(format.Closers);
    private State _state = format.BeginsBare ? State.Start : State.Text;
    private string _opener = "";
    private string _space = "";
    private bool _isInArray;
    private bool _isOpen;
    private bool _isAfterCall;
    private ICallReader? _call;
    private PythonCallBuffer? _python;

    private enum State
    {
        /// <summary>Nothing but white space so far.</summary>
        Start,
        Text,

        /// <summary>An opener was read, or a separator within an array.</summary>
        Opened,
        Call,
        Python,

        /// <summary>A call has ended; what closes it may follow, or another.</summary>
        After,
    }

    public void Push(char c)
    {
        switch (_state)
        {
            case State.Start:
                Begin(c);
                break;
            case State.Text:
                ReadText(c);
                break;
            case State.Opened:
                Open(c);
                break;
            case State.Call:
                ReadCall(c);
                break;
            case State.Python:
                ReadPython(c);
                break;
            default:
                ReadAfter(c);
                break;
        }
    }

    /// <summary>The answer has ended.</summary>
    public void Complete()
    {
        switch (_state)
        {
            case State.Call when _call!.IsStarted:
                sink.Finish(_call.HasAllArguments);
                break;
            case State.Call or State.Python:
                sink.Text(_opener + _space + (_call?.Rest ?? _python?.Raw));
                break;
            case State.Opened:
                sink.Text(_opener + _space);
                break;
            case State.After:
                sink.Text(_closers.Release());
                break;
            default:
                // White space after calls belongs to their marks.
                sink.Text((_isAfterCall ? "" : _space) + _openers.Release());
                break;
        }
    }

    private void Begin(char c)
    {
        if (PythonText.IsSpace(c))
        {
            _space += c;
            return;
        }
        _opener = "";
        if (format.Shape == ToolCallFormat.CallShape.Header)
        {
            Read(new HeaderCall(format, sink, tools));
            ReadCall(c);
        }
        else if (c == '{' || c == '[')
        {
            Open(c);
        }
        else
        {
            _state = State.Text;
            ReadText(c);
        }
    }

    private void ReadText(char c)
    {
        string? opener = _openers.Push(c, out string passed);
        foreach (char one in passed)
            AddText(one);
        if (opener is null)
            return;
        _opener = _isAfterCall ? "" : _space;
        _space = "";
        _isOpen = true;
        _state = State.Opened;
        if (opener == format.Elements?.Name)
        {
            // The call's first mark without what should stand around calls.
            foreach (char one in opener)
                Push(one);
            return;
        }
        _opener += opener;
        if (format.Shape == ToolCallFormat.CallShape.Header)
            Read(new HeaderCall(format, sink, tools));
    }

    private void AddText(char c)
    {
        if (_isAfterCall && PythonText.IsSpace(c))
            return;
        _isAfterCall = false;
        sink.Text(_space);
        _space = "";
        sink.Text([c]);
    }

    private void Open(char c)
    {
        if (PythonText.IsSpace(c))
        {
            _space += c;
            return;
        }
        if (c == '[' && format.Shape == ToolCallFormat.CallShape.Pythonic)
        {
            _state = State.Python;
            _python = new PythonCallBuffer();
            ReadPython(c);
        }
        else if (c == '[' && !_isInArray && _opener.Length > 0)
        {
            _isInArray = true;
            _opener += _space + c;
            _space = "";
            _state = State.Opened;
        }
        else if (c == '{')
        {
            Read(new CallObject(sink, tools));
            ReadCall(c);
        }
        else if (format.Elements is { } elements)
        {
            Read(new ElementCall(elements, sink, tools));
            ReadCall(c);
        }
        else
        {
            GiveUp(c.ToString());
        }
    }

    private void Read(ICallReader call) => (_call, _state) = (call, State.Call);

    // The call that is being read goes on, has ended, or turns out to be none.
    private void ReadCall(char c)
    {
        ICallReader call = _call!;
        bool? result = call.Push(c);
        if (result is null)
            return;
        _call = null;
        if (call is HeaderCall { IsText: true })
        {
            _state = State.Text;
            _space = "";
        }
        else if (call.IsStarted)
        {
            sink.Finish(call.HasAllArguments);
            EndCall();
            foreach (char one in result == true ? "" : call.Rest)
                Push(one);
        }
        else
        {
            GiveUp(call.Rest);
        }
    }

    private void ReadPython(char c)
    {
        bool? result = _python!.Push(c);
        if (result is null)
            return;
        string raw = _python.Raw;
        _python = null;
        IReadOnlyList<(string Name, string Arguments)>? calls = result == true ? PythonCalls.Read(raw) : null;
        if (calls is null || calls.Any(call => tools?.ContainsKey(call.Name) == false))
        {
            GiveUp(raw);
            return;
        }
        foreach ((string name, string arguments) in calls)
        {
            sink.Start(name);
            sink.Arguments(arguments);
            sink.Finish(isComplete: true);
        }
        EndCall();
    }

    private void EndCall()
    {
        _state = State.After;
        _isAfterCall = true;
        _opener = "";
        _space = "";
        _closers = new MarkerMatcher([.. format.Closers]);
    }

    private void ReadAfter(char c)
    {
        if (_closers.Held.Length == 0)
        {
            if (PythonText.IsSpace(c))
                return;
            if (_isInArray && c is ',' or ']')
            {
                _isInArray = c == ',';
                _state = c == ',' ? State.Opened : State.After;
                return;
            }
            if ((format.BeginsBare || _isOpen) && c == '{' && format.Shape != ToolCallFormat.CallShape.Header)
            {
                Open(c);
                return;
            }
        }
        bool isClosed = _closers.Push(c, out string passed) is not null;
        _isOpen &= !isClosed;
        if (isClosed || passed.Length == 0)
            return;
        // Nothing that closes a call: text, or the next call's opener.
        string rest = passed + _closers.Release();
        _isInArray = false;
        _state = State.Text;
        foreach (char one in rest)
            Push(one);
    }

    private void GiveUp(string raw)
    {
        _isInArray = false;
        _isAfterCall = false;
        sink.Text(_opener + _space + raw);
        _opener = "";
        _space = "";
        _state = State.Text;
    }
}
