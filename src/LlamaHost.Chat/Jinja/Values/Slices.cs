namespace LlamaHost.Chat.Jinja.Values;

/// <summary>Parts of sequences and texts by Python's rules.</summary>
internal static class Slices
{
    public static object? Slice(Rendering rendering, object? value, long? start, long? stop, long? step)
    {
        if (value is Undefined missing)
            throw missing.Fail();
        long stride = step ?? 1;
        if (stride == 0)
            throw new ChatTemplateException("slice step cannot be zero");
        switch (value)
        {
            case Text text:
                return Slice(rendering, text, start, stop, stride);
            case Sequence { IsIndexed: true } sequence:
                List<object?> items = [.. Indexes(sequence.Count, start, stop, stride).Select(index => sequence.Items[index])];
                rendering.Budget.Charge(items.Count);
                return new Sequence(sequence.Kind, items);
            default:
                return Undefined.Member(value, Text.OfTemplate("slice"));
        }
    }

    private static Text Slice(Rendering rendering, Text text, long? start, long? stop, long step)
    {
        int count = text.CodePoints;
        if (step == 1)
        {
            (long from, long to) = Bounds(count, start, stop, 1);
            if (to <= from)
                return Text.Empty;
            int first = text.OffsetOf((int)from);
            int length = text.OffsetOf((int)to) - first;
            rendering.Budget.Charge(length);
            return text.Slice(first, length);
        }
        TextBuilder builder = rendering.NewText();
        List<Text> characters = [.. text.Characters()];
        foreach (int index in Indexes(count, start, stop, step))
            builder.Append(characters[index]);
        return builder.ToText();
    }

    private static IEnumerable<int> Indexes(int count, long? start, long? stop, long step)
    {
        (long from, long to) = Bounds(count, start, stop, step);
        for (long i = from; step > 0 ? i < to : i > to; i += step)
            yield return (int)i;
    }

    // slice.indices
    private static (long From, long To) Bounds(int count, long? start, long? stop, long step)
    {
        long lowest = step < 0 ? -1 : 0;
        long highest = step < 0 ? count - 1 : count;
        return (
            start is null ? (step < 0 ? highest : lowest) : Bound(start.Value),
            stop is null ? (step < 0 ? lowest : highest) : Bound(stop.Value));

        long Bound(long value) => Math.Clamp(value < 0 ? value + count : value, lowest, highest);
    }
}
