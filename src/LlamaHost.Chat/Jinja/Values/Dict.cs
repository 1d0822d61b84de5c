namespace LlamaHost.Chat.Jinja.Values;

/// <summary>Python's dictionary: keys of any kind, in the order in which they came.</summary>
internal sealed class Dict
{
    private readonly OrderedDictionary<Key, object?> _entries = [];

    public int Count => _entries.Count;

    /// <summary>How large it is, counting what has been replaced.</summary>
    public Extent Extent { get; private set; } = new(1, 0);

    public IEnumerable<object?> Keys => _entries.Keys.Select(key => key.Value);

    public IEnumerable<object?> Values => _entries.Values;

    public IEnumerable<KeyValuePair<object?, object?>> Entries =>
        _entries.Select(entry => new KeyValuePair<object?, object?>(entry.Key.Value, entry.Value));

    public bool TryGet(object? key, out object? value) => _entries.TryGetValue(new Key(key), out value);

    public bool TryGet(string key, out object? value) => TryGet(Text.OfTemplate(key), out value);

    public bool Contains(object? key) => _entries.ContainsKey(new Key(key));

    public void Set(object? key, object? value)
    {
        Extent = Extent.With(key).With(value);
        _entries[new Key(key)] = value;
    }

    public void Set(string key, object? value) => Set(Text.OfTemplate(key), value);

    public Dict Copy()
    {
        Dict copy = new();
        foreach ((object? key, object? value) in Entries)
            copy.Set(key, value);
        return copy;
    }

    private readonly struct Key(object? value) : IEquatable<Key>
    {
        public object? Value { get; } = value;

        public bool Equals(Key other) => Operators.AreEqual(Value, other.Value);

        public override bool Equals(object? obj) => obj is Key key && Equals(key);

        public override int GetHashCode() => HashOf(Value);

        private static int HashOf(object? value) => value switch
        {
            null => 0,
            bool flag => (flag ? 1.0 : 0.0).GetHashCode(),
            long number => ((double)number).GetHashCode(),
            double number => number.GetHashCode(),
            Text text => text.GetHashCode(),
            Sequence { Kind: SequenceKind.Tuple } tuple => tuple.Items.Aggregate(17, (hash, item) => HashCode.Combine(hash, HashOf(item))),
            Sequence or Dict => throw new ChatTemplateException($"unhashable type: '{Describe.TypeOf(value)}'"),
            _ => value.GetHashCode(),
        };
    }
}
