using LlamaHost.Chat.Jinja.Library;

namespace LlamaHost.Chat.Jinja.Values;

/// <summary>Attributes and items, looked up in the order of Jinja's sandbox.</summary>
internal static class Members
{
    private static readonly HashSet<string> Mutating =
    [
        "append", "clear", "extend", "insert", "pop", "popitem", "remove", "reverse", "setdefault", "sort", "update",
    ];

    /// <summary><c>owner.name</c>: an attribute or method, else an item.</summary>
    public static object? GetAttribute(Rendering rendering, object? owner, string name)
    {
        if (owner is Undefined missing)
            throw missing.Fail();
        object? attribute = FindAttribute(rendering, owner, name, out bool isFound);
        if (isFound)
            return attribute;
        return owner is Dict dict && dict.TryGet(name, out object? item) ? item : Undefined.Member(owner, Text.OfTemplate(name));
    }

    /// <summary><c>owner[index]</c>: an item, else an attribute or method.</summary>
    public static object? GetItem(Rendering rendering, object? owner, object? index)
    {
        switch (owner)
        {
            case Undefined missing:
                throw missing.Fail();
            case Dict dict when IsHashable(index) && dict.TryGet(index, out object? item):
                return item;
            case Sequence { IsIndexed: true } sequence when TryPlace(index, sequence.Count, out int place):
                return sequence.Items[place];
            case Text text when TryPlace(index, text.CodePoints, out int place):
                int start = text.OffsetOf(place);
                return text.Slice(start, text.OffsetOf(place + 1) - start);
        }
        if (index is Text name)
        {
            object? attribute = FindAttribute(rendering, owner, name.Value, out bool isFound);
            if (isFound)
                return attribute;
        }
        return Undefined.Member(owner, index);
    }

    private static object? FindAttribute(Rendering rendering, object? owner, string name, out bool isFound)
    {
        isFound = true;
        switch (owner)
        {
            case LoopContext loop:
                return loop.Attribute(name);
            case Namespace space:
                isFound = space.Attributes.TryGet(name, out object? value);
                return value;
            case Macro macro:
                isFound = macro.Attributes().TryGet(name, out object? part);
                return part;
            case Sequence { IsGroup: true } group when name is "grouper" or "list":
                return group.Items[name == "grouper" ? 0 : 1];
            case Cycler cycler:
                isFound = cycler.TryGetAttribute(name, out object? one);
                return one;
            case Dict or Sequence { Kind: SequenceKind.List } when Mutating.Contains(name) && (owner is Sequence || DictMethods.IsMethod(name)):
                return Undefined.Unsafe(owner, name);
        }
        Func<Arguments, object?>? method = owner switch
        {
            Text text => TextMethods.Find(text, name),
            Dict dict => DictMethods.Find(dict, name),
            Sequence sequence => SequenceMethods.Find(sequence, name),
            _ => null,
        };
        isFound = method is not null;
        return method is null ? null : new Function(name, method);
    }

    private static bool IsHashable(object? key) => key is not (Dict or Sequence { Kind: SequenceKind.List });

    private static bool TryPlace(object? index, int count, out int place)
    {
        long? wanted = index switch
        {
            long number => number,
            bool flag => flag ? 1 : 0,
            _ => null,
        };
        if (wanted < 0)
            wanted += count;
        place = wanted >= 0 && wanted < count ? (int)wanted : -1;
        return place >= 0;
    }
}
