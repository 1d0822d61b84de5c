using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Output;

/// <summary>Parts what a model thinks at the beginning of its output from what it answers.</summary>
internal sealed class ReasoningSplitter
{
    private readonly MarkerMatcher _open;
    private readonly MarkerMatcher _close;
    private readonly EventSink _sink;
    private State _state;
    private string _space = "";
    private bool _hasThought;

    public ReasoningSplitter(ReasoningFormat format, bool startsWithin, EventSink sink)
    {
        _open = new MarkerMatcher([format.Open]);
        _close = new MarkerMatcher([format.Close]);
        _sink = sink;
        _state = startsWithin ? State.Within : State.Before;
    }

    private enum State
    {
        Before,
        Within,
        AfterClose,
        Answer,
    }

    /// <summary>All that comes is the answer's.</summary>
    public bool HasEnded => _state == State.Answer;

    /// <summary>Takes a character and returns what is the answer's.</summary>
    public string Push(char c)
    {
        switch (_state)
        {
            case State.Before:
                return LookForBeginning(c);
            case State.Within:
                if (_close.Push(c, out string thought) is not null)
                    _state = State.AfterClose;
                AddThought(thought);
                return "";
            case State.AfterClose when PythonText.IsSpace(c):
                return "";
            default:
                _state = State.Answer;
                return c.ToString();
        }
    }

    /// <summary>The output has ended.</summary>
    public string Complete()
    {
        if (_state == State.Within)
            AddThought(_close.Release());
        return _state == State.Before ? _space + _open.Release() : "";
    }

    private string LookForBeginning(char c)
    {
        if (_open.Held.Length == 0 && PythonText.IsSpace(c))
        {
            _space += c;
            return "";
        }
        if (_open.Push(c, out string passed) is not null)
        {
            _state = State.Within;
            _space = "";
            return "";
        }
        if (passed.Length == 0)
            return "";
        _state = State.Answer;
        return _space + passed + _open.Release();
    }

    // White space around thoughts belongs to the markers.
    private void AddThought(string thought)
    {
        foreach (char c in thought)
        {
            if (PythonText.IsSpace(c))
            {
                _space += _hasThought ? c.ToString() : "";
                continue;
            }
            _sink.Reasoning(_space);
            _sink.Reasoning([c]);
            _space = "";
            _hasThought = true;
        }
    }
}
