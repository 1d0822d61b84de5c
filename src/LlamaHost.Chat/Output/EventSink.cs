using System.Text;

namespace LlamaHost.Chat.Output;

/// <summary>Collects events; pieces of one text become one delta.</summary>
internal sealed class EventSink
{
    private readonly List<OutputEvent> _events = [];
    private readonly StringBuilder _text = new();
    private Func<string, OutputEvent>? _make;
    private int _call = -1;
    private Kind _kind;

    private enum Kind
    {
        None,
        Text,
        Reasoning,
        Arguments,
    }

    /// <summary>How many calls have been started.</summary>
    public int Calls { get; private set; }

    public void Text(ReadOnlySpan<char> text) => Add(Kind.Text, text, delta => new TextDelta(delta));

    public void Reasoning(ReadOnlySpan<char> text) => Add(Kind.Reasoning, text, delta => new ReasoningDelta(delta));

    public void Start(string name)
    {
        Flush();
        _call = Calls++;
        _events.Add(new ToolCallStarted(_call, name));
    }

    public void Arguments(ReadOnlySpan<char> json)
    {
        int call = _call;
        Add(Kind.Arguments, json, delta => new ToolArgumentsDelta(call, delta));
    }

    public void Finish(bool isComplete)
    {
        Flush();
        _events.Add(new ToolCallFinished(_call, isComplete));
    }

    /// <summary>Hands over what was collected.</summary>
    public IReadOnlyList<OutputEvent> Take()
    {
        Flush();
        OutputEvent[] taken = [.. _events];
        _events.Clear();
        return taken;
    }

    private void Add(Kind kind, ReadOnlySpan<char> text, Func<string, OutputEvent> make)
    {
        if (text.IsEmpty)
            return;
        if (_kind != kind)
            Flush();
        _kind = kind;
        _make = make;
        _text.Append(text);
    }

    private void Flush()
    {
        if (_text.Length > 0)
            _events.Add(_make!(_text.ToString()));
        _text.Clear();
        _kind = Kind.None;
    }
}
