namespace LlamaHost.Chat.Jinja.Values;

/// <summary>Python's kinds of sequences, as far as templates can tell them apart.</summary>
internal enum SequenceKind
{
    List,
    Tuple,
    Range,
    Keys,
    Values,
    Items,
    Generator,
}

/// <summary>A list, tuple, range, view of a dictionary, or what a lazy filter yields.</summary>
internal sealed class Sequence(SequenceKind kind, List<object?> items)
{
    private bool _isDrained;

    public SequenceKind Kind => kind;

    /// <summary>How large it is.</summary>
    public Extent Extent { get; } = items.Aggregate(new Extent(1, 0), (extent, item) => extent.With(item));

    public IReadOnlyList<object?> Items => items;

    public int Count => items.Count;

    /// <summary>Whether <c>groupby</c> made this pair, whose halves then have names.</summary>
    public bool IsGroup { get; init; }

    /// <summary>Whether it has a length, as all kinds but generators have.</summary>
    public bool HasLength => kind != SequenceKind.Generator;

    /// <summary>Whether it has places to look at by number.</summary>
    public bool IsIndexed => kind is SequenceKind.List or SequenceKind.Tuple or SequenceKind.Range;

    public string TypeName => kind switch
    {
        SequenceKind.List => "list",
        SequenceKind.Tuple => "tuple",
        SequenceKind.Range => "range",
        SequenceKind.Keys => "dict_keys",
        SequenceKind.Values => "dict_values",
        SequenceKind.Items => "dict_items",
        _ => "generator",
    };

    public static Sequence List(IEnumerable<object?> items) => new(SequenceKind.List, [.. items]);

    public static Sequence Tuple(params IEnumerable<object?> items) => new(SequenceKind.Tuple, [.. items]);

    public static Sequence Generator(IEnumerable<object?> items) => new(SequenceKind.Generator, [.. items]);

    /// <summary>The items to go through. A generator gives them once.</summary>
    public IReadOnlyList<object?> Iterate()
    {
        if (kind != SequenceKind.Generator)
            return items;
        bool wasDrained = _isDrained;
        _isDrained = true;
        return wasDrained ? [] : items;
    }
}
