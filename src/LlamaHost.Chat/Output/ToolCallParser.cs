using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Output;

/// <summary>
/// Finds tool calls in a model's answer, character by character, so it doesn't matter in which pieces the answer comes. What looked like a call and
/// is none comes out as the text that it is.
/// </summary>
internal sealed class ToolCallParser(ToolCallFormat format, IReadOnlySet<string>? tools, EventSink sink)
{
    private readonly MarkerMatcher _openers = new(format.Openers);
    private MarkerMatcher _closers = new(format.Closers);
    private State _state = format.BeginsBare ? State.Start : State.Text;
    private string _opener = "";
    private string _space = "";
    private bool _isInArray;
    private bool _isAfterCall;
    private CallObject? _object;
    private HeaderCall? _header;
    private PythonCallBuffer? _python;

    private enum State
    {
        /// <summary>Nothing but white space so far.</summary>
        Start,
        Text,

        /// <summary>An opener was read, or a separator within an array.</summary>
        Opened,
        Object,
        Header,
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
            case State.Object:
                Advance(_object!.Push(c), _object.IsStarted, _object.HasAllArguments, _object.Raw, c);
                break;
            case State.Header:
                ReadHeader(c);
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
            case State.Object when _object!.IsStarted:
                sink.Finish(_object.HasAllArguments);
                break;
            case State.Header when _header!.IsStarted:
                sink.Finish(isComplete: false);
                break;
            case State.Object or State.Header or State.Python:
                sink.Text(_opener + _space + (_object?.Raw ?? _header?.Raw ?? _python?.Raw));
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
            _header = new HeaderCall(format, sink, tools);
            _state = State.Header;
            ReadHeader(c);
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
        _opener = (_isAfterCall ? "" : _space) + opener;
        _space = "";
        if (format.Shape == ToolCallFormat.CallShape.Header)
            _header = new HeaderCall(format, sink, tools);
        _state = format.Shape == ToolCallFormat.CallShape.Header ? State.Header : State.Opened;
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
            _object = new CallObject(sink, tools);
            _state = State.Object;
            Advance(_object.Push(c), false, false, "", c);
        }
        else
        {
            GiveUp(c.ToString());
        }
    }

    private void ReadHeader(char c)
    {
        bool? result = _header!.Push(c);
        if (result == false && _header.IsText)
        {
            _state = State.Text;
            _header = null;
            _space = "";
            return;
        }
        Advance(result, _header.IsStarted, result == true, _header.Raw, c);
    }

    private void ReadPython(char c)
    {
        bool? result = _python!.Push(c);
        if (result is null)
            return;
        string raw = _python.Raw;
        _python = null;
        IReadOnlyList<(string Name, string Arguments)>? calls = result == true ? PythonCalls.Read(raw) : null;
        if (calls is null || calls.Any(call => tools?.Contains(call.Name) == false))
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

    // What became of the call that is being read: it goes on, ended, or turned out to be none.
    private void Advance(bool? result, bool isStarted, bool isComplete, string raw, char last)
    {
        if (result is null)
            return;
        _object = null;
        _header = null;
        if (!isStarted)
        {
            GiveUp(raw);
            return;
        }
        sink.Finish(isComplete);
        EndCall();
        if (result == false)
            Push(last);
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
            if (format.BeginsBare && c == '{' && format.Shape != ToolCallFormat.CallShape.Header)
            {
                Open(c);
                return;
            }
        }
        if (_closers.Push(c, out string passed) is not null || passed.Length == 0)
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
