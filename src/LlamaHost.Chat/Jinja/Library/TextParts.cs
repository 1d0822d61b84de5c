using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>Cutting texts and putting them together again. Every character keeps its origin.</summary>
internal static class TextParts
{
    public static Text Strip(Rendering rendering, Text text, object? characters, bool atStart, bool atEnd)
    {
        Func<char, bool> isStripped = characters switch
        {
            null => PythonText.IsSpace,
            Text set => set.Value.Contains,
            _ => throw new ChatTemplateException($"strip arg must be None or str, not {Describe.TypeOf(characters)}"),
        };
        int start = 0;
        int end = text.Length;
        while (atStart && start < end && isStripped(text.Value[start]))
            start++;
        while (atEnd && end > start && isStripped(text.Value[end - 1]))
            end--;
        rendering.Budget.Charge(end - start);
        return text.Slice(start, end - start);
    }

    public static Sequence Split(Rendering rendering, Text text, object? separator, int most)
    {
        rendering.Budget.Charge(text.Length);
        if (separator is null)
            return Sequence.List(Words(text, most));
        string wanted = SeparatorText(separator);
        rendering.Budget.ChargeSearch(text.Length, wanted.Length);
        List<object?> parts = [];
        int start = 0;
        while (most < 0 || parts.Count < most)
        {
            int found = text.Value.IndexOf(wanted, start, StringComparison.Ordinal);
            if (found < 0)
                break;
            parts.Add(text.Slice(start, found - start));
            start = found + wanted.Length;
        }
        parts.Add(text.Slice(start));
        return Sequence.List(parts);
    }

    public static Sequence SplitFromEnd(Rendering rendering, Text text, object? separator, int most)
    {
        rendering.Budget.Charge(text.Length);
        List<object?> parts = [];
        int end = text.Length;
        if (separator is null)
        {
            while (true)
            {
                while (end > 0 && PythonText.IsSpace(text.Value[end - 1]))
                    end--;
                if (end == 0)
                    break;
                int start = end;
                while (start > 0 && (!PythonText.IsSpace(text.Value[start - 1]) || most >= 0 && parts.Count == most))
                    start--;
                parts.Add(text.Slice(start, end - start));
                end = parts.Count > most && most >= 0 ? 0 : start;
            }
        }
        else
        {
            string wanted = SeparatorText(separator);
            rendering.Budget.ChargeSearch(text.Length, wanted.Length);
            while (most < 0 || parts.Count < most)
            {
                int found = end < wanted.Length ? -1 : text.Value.LastIndexOf(wanted, end - 1, end, StringComparison.Ordinal);
                if (found < 0)
                    break;
                parts.Add(text.Slice(found + wanted.Length, end - found - wanted.Length));
                end = found;
            }
            parts.Add(text.Slice(0, end));
        }
        parts.Reverse();
        return Sequence.List(parts);
    }

    public static IEnumerable<Text> Lines(Text text, bool keepEnds = false)
    {
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (!PythonText.IsLineBreak(text.Value[i]))
                continue;
            int next = text.Value[i] == '\r' && i + 1 < text.Length && text.Value[i + 1] == '\n' ? i + 2 : i + 1;
            yield return text.Slice(start, (keepEnds ? next : i) - start);
            start = next;
            i = next - 1;
        }
        if (start < text.Length)
            yield return text.Slice(start);
    }

    public static Sequence Partition(Rendering rendering, Text text, Text separator, bool fromEnd)
    {
        string wanted = SeparatorText(separator);
        rendering.Budget.ChargeSearch(text.Length, wanted.Length);
        int found = fromEnd ? text.Value.LastIndexOf(wanted, StringComparison.Ordinal) : text.Value.IndexOf(wanted, StringComparison.Ordinal);
        if (found < 0)
            return fromEnd ? Sequence.Tuple(Text.Empty, Text.Empty, text) : Sequence.Tuple(text, Text.Empty, Text.Empty);
        return Sequence.Tuple(text.Slice(0, found), text.Slice(found, wanted.Length), text.Slice(found + wanted.Length));
    }

    public static Text Replace(Rendering rendering, Text text, Text old, Text replacement, int most)
    {
        // Between all characters: each place is counted from the beginning.
        rendering.Budget.ChargeSearch(text.Length, old.Length == 0 ? text.Length : old.Length);
        TextBuilder replaced = rendering.NewText();
        int start = 0;
        int from = 0;
        for (int count = 0; most < 0 || count < most; count++)
        {
            int found = from > text.Length ? -1 : text.Value.IndexOf(old.Value, from, StringComparison.Ordinal);
            if (found < 0)
                break;
            replaced.Append(text.Slice(start, found - start)).Append(replacement);
            start = found + old.Length;
            from = old.Length == 0 ? text.OffsetOf(text.CodePointsBefore(found) + 1) + (found == text.Length ? 1 : 0) : start;
        }
        return replaced.Append(text.Slice(start)).ToText();
    }

    public static Text ExpandTabs(Rendering rendering, Text text, int size)
    {
        TextBuilder expanded = rendering.NewText();
        int column = 0;
        foreach (Text character in text.Characters())
        {
            bool isTab = character.Value == "\t";
            int width = isTab ? (size > 0 ? size - column % size : 0) : 1;
            expanded.Append(isTab ? Text.OfTemplate(new string(' ', width)) : character);
            column = character.Value is "\n" or "\r" ? 0 : column + width;
        }
        return expanded.ToText();
    }

    private static IEnumerable<Text> Words(Text text, int most)
    {
        int count = 0;
        for (int i = 0; i < text.Length;)
        {
            if (PythonText.IsSpace(text.Value[i]))
            {
                i++;
                continue;
            }
            int end = i;
            bool isRest = most >= 0 && count == most;
            while (end < text.Length && (isRest || !PythonText.IsSpace(text.Value[end])))
                end++;
            yield return text.Slice(i, end - i);
            count++;
            i = end;
        }
    }

    private static string SeparatorText(object separator) => separator switch
    {
        Text { Length: 0 } => throw new ChatTemplateException("empty separator"),
        Text text => text.Value,
        _ => throw new ChatTemplateException($"must be str or None, not {Describe.TypeOf(separator)}"),
    };
}
