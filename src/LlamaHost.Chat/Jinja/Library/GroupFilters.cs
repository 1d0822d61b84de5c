using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>Filters that make several sequences of one.</summary>
internal static class GroupFilters
{
    public static object? GroupBy(Arguments arguments)
    {
        object? attribute = arguments[1, "attribute"];
        object? otherwise = arguments.Get(2, "default");
        bool isSensitive = arguments.IsSet(3, "case_sensitive");
        List<object?> groups = [];
        object? current = null;
        List<object?>? members = null;
        foreach (object? item in SortFilters.Sorted(Iteration.Of(arguments[0, "value"]), Key))
        {
            if (members is null || !Operators.AreEqual(current, Key(item)))
            {
                AddGroup();
                members = [];
                current = Key(item);
            }
            members.Add(item);
        }
        AddGroup();
        return Sequence.List(groups);

        object? Key(object? item) => SortFilters.Folded(Value(item), isSensitive);

        object? Value(object? item) => SelectFilters.Part(arguments.Rendering, item, attribute, otherwise);

        // The group's name is written as in its first member.
        void AddGroup()
        {
            if (members is not null)
                groups.Add(new Sequence(SequenceKind.Tuple, [Value(members[0]), Sequence.List(members)]) { IsGroup = true });
        }
    }

    public static object? Batch(Arguments arguments)
    {
        int size = arguments.Int(1, "linecount", 0);
        if (size < 1)
            throw new ChatTemplateException("batch needs a positive number of items");
        List<object?> batches = [];
        foreach (object?[] items in Iteration.Of(arguments[0, "value"]).Chunk(size))
        {
            List<object?> batch = [.. items];
            object? fill = arguments.Get(2, "fill_with");
            if (fill is not null)
            {
                arguments.Rendering.Budget.Charge(size);
                batch.AddRange(Enumerable.Repeat(fill, size - items.Length));
            }
            batches.Add(Sequence.List(batch));
        }
        return Sequence.Generator(batches);
    }

    public static object? Slice(Arguments arguments)
    {
        IReadOnlyList<object?> items = Iteration.Of(arguments[0, "value"]);
        int count = arguments.Int(1, "slices", 0);
        if (count < 1)
            throw new ChatTemplateException("slice needs a positive number of slices");
        arguments.Rendering.Budget.Charge(count);
        object? fill = arguments.Get(2, "fill_with");
        (int size, int longer) = Math.DivRem(items.Count, count);
        List<object?> slices = [];
        int start = 0;
        for (int i = 0; i < count; i++)
        {
            int length = size + (i < longer ? 1 : 0);
            List<object?> slice = [.. items.Skip(start).Take(length)];
            if (fill is not null && i >= longer)
                slice.Add(fill);
            slices.Add(Sequence.List(slice));
            start += length;
        }
        return Sequence.Generator(slices);
    }
}
