using LlamaHost.Chat.Output;

namespace LlamaHost.Chat;

/// <summary>
/// Makes events of a model's output while it comes: thoughts, text, tool calls. In which pieces the output comes changes nothing but in which pieces
/// the events come. It serves one output, on one thread.
/// </summary>
public sealed class OutputParser
{
    private readonly EventSink _sink = new();
    private readonly ReasoningSplitter? _reasoning;
    private readonly ToolCallParser? _calls;

    /// <summary>Creates a parser.</summary>
    /// <param name="reasoning">How thoughts are marked; null to take them for text.</param>
    /// <param name="startsWithinReasoning">The prompt has opened the thoughts already (<see cref="RenderedPrompt.EndsWithin"/>).</param>
    /// <param name="calls">How calls are written; null to take them for text, as is right where no tools were given.</param>
    /// <param name="tools">What can be called, by name; null for anything. What calls another is text.</param>
    public OutputParser(
        ReasoningFormat? reasoning, bool startsWithinReasoning, ToolCallFormat? calls, IReadOnlyDictionary<string, ToolDefinition>? tools)
    {
        _reasoning = reasoning is null ? null : new ReasoningSplitter(reasoning, startsWithinReasoning, _sink);
        _calls = calls is null ? null : new ToolCallParser(calls, tools, _sink);
    }

    /// <summary>How many calls have begun.</summary>
    public int Calls => _sink.Calls;

    /// <summary>Takes more of the output.</summary>
    /// <param name="text">The next piece.</param>
    /// <returns>What is certain by now. Beginnings of marks are held back until they are complete or turn out to be none.</returns>
    public IReadOnlyList<OutputEvent> Push(string text)
    {
        int parted = 0;
        while (_reasoning is { HasEnded: false } reasoning && parted < text.Length)
            Answer(reasoning.Push(text[parted++]));
        Answer(text.AsSpan(parted));
        return _sink.Take();
    }

    /// <summary>The output has ended.</summary>
    /// <returns>What was held back.</returns>
    public IReadOnlyList<OutputEvent> Complete()
    {
        Answer(_reasoning?.Complete() ?? "");
        _calls?.Complete();
        return _sink.Take();
    }

    private void Answer(ReadOnlySpan<char> text)
    {
        if (_calls is null)
        {
            _sink.Text(text);
            return;
        }
        foreach (char c in text)
            _calls.Push(c);
    }
}
