using System.Runtime.InteropServices;
using System.Text;

namespace LlamaHost.Chat.Jinja.Values;

/// <summary>Puts a <see cref="Text"/> together, charging each character to the budget.</summary>
internal sealed class TextBuilder(Budget budget)
{
    private readonly StringBuilder _text = new();
    private readonly List<Run> _runs = [];

    public int Length => _text.Length;

    public TextBuilder Append(Text text)
    {
        for (int start = 0; start < text.Length;)
        {
            int end = start + 1;
            bool isData = text.IsData(start);
            while (end < text.Length && text.IsData(end) == isData)
                end++;
            Append(text.Value.AsSpan(start, end - start), isData);
            start = end;
        }
        return this;
    }

    /// <summary>Adds what the template says.</summary>
    public TextBuilder Append(string text) => Append(text, isData: false);

    public TextBuilder Append(ReadOnlySpan<char> text, bool isData)
    {
        if (text.Length == 0)
            return this;
        budget.Charge(text.Length);
        _text.Append(text);
        Span<Run> runs = CollectionsMarshal.AsSpan(_runs);
        if (runs.Length > 0 && runs[^1].IsData == isData)
            runs[^1] = new Run(_text.Length, isData);
        else
            _runs.Add(new Run(_text.Length, isData));
        return this;
    }

    public Text ToText()
    {
        if (_runs.Count <= 1)
            return _runs is [{ IsData: true }] ? Text.OfData(_text.ToString()) : Text.OfTemplate(_text.ToString());
        var marks = new bool[_text.Length];
        int start = 0;
        foreach (Run run in _runs)
        {
            marks.AsSpan(start, run.End - start).Fill(run.IsData);
            start = run.End;
        }
        return Text.Marked(_text.ToString(), marks);
    }

    /// <summary>What was put together, as the fewest spans.</summary>
    public IReadOnlyList<PromptSpan> ToSpans()
    {
        string text = _text.ToString();
        List<PromptSpan> spans = new(_runs.Count);
        int start = 0;
        foreach (Run run in _runs)
        {
            spans.Add(new PromptSpan(text[start..run.End], !run.IsData));
            start = run.End;
        }
        return spans;
    }

    private readonly record struct Run(int End, bool IsData);
}
