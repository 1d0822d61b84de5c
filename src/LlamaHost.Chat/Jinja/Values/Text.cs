namespace LlamaHost.Chat.Jinja.Values;

/// <summary>A string that knows of each of its characters whether the template or the conversation brought it.</summary>
/// <remarks>Two texts are equal if their characters are, wherever those come from: a template can't tell the difference.</remarks>
internal sealed class Text : IEquatable<Text>
{
    private readonly bool[]? _marks;
    private readonly bool _isData;

    private Text(string value, bool isData, bool[]? marks = null)
    {
        Value = value;
        _isData = isData;
        _marks = marks;
    }

    public static Text Empty { get; } = new("", false);

    public string Value { get; }

    /// <summary>
    /// Whether it counts as HTML (what the filter <c>safe</c> makes): plain text that is joined to it with <c>+</c> is escaped.
    /// </summary>
    public bool IsMarkup { get; private init; }

    /// <summary>Length in UTF-16 units. Templates count <see cref="CodePoints"/>.</summary>
    public int Length => Value.Length;

    /// <summary>Length as Python counts it.</summary>
    public int CodePoints => HasPairs ? CodePointsBefore(Length) : Length;

    private bool HasPairs => Value.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;

    /// <summary>What the template itself says.</summary>
    public static Text OfTemplate(string value) => value.Length == 0 ? Empty : new(value, false);

    /// <summary>What messages and tools say.</summary>
    public static Text OfData(string value) => value.Length == 0 ? Empty : new(value, true);

    /// <summary>A text with a mark for each character.</summary>
    public static Text Marked(string value, bool[] marks) => value.Length == 0 ? Empty : new(value, false, marks);

    public Text AsMarkup() => new(Value, _isData, _marks) { IsMarkup = true };

    public bool IsData(int index) => _marks is null ? _isData : _marks[index];

    /// <summary>A part, in UTF-16 units.</summary>
    public Text Slice(int start, int length) =>
        length == Length ? this
        : length == 0 ? Empty
        : new Text(Value.Substring(start, length), _isData, _marks?[start..(start + length)]);

    public Text Slice(int start) => Slice(start, Length - start);

    /// <summary>The same characters changed one by one.</summary>
    public Text Map(Func<string, string> change)
    {
        string changed = change(Value);
        if (changed.Length == Length)
            return new Text(changed, _isData, _marks);
        return new Text(changed, Enumerable.Range(0, Length).Any(IsData));
    }

    /// <summary>The UTF-16 offset of a code point.</summary>
    public int OffsetOf(int codePoint)
    {
        if (!HasPairs)
            return codePoint;
        int offset = 0;
        for (int i = 0; i < codePoint && offset < Length; i++)
            offset += IsPair(offset) ? 2 : 1;
        return offset;
    }

    /// <summary>How many code points stand before a UTF-16 offset.</summary>
    public int CodePointsBefore(int offset)
    {
        int count = 0;
        for (int i = 0; i < offset; i += IsPair(i) ? 2 : 1)
            count++;
        return count;
    }

    /// <summary>The text cut into code points.</summary>
    public IEnumerable<Text> Characters()
    {
        for (int i = 0; i < Length;)
        {
            int length = IsPair(i) ? 2 : 1;
            yield return Slice(i, length);
            i += length;
        }
    }

    public bool Equals(Text? other) => other is not null && Value == other.Value;

    public override bool Equals(object? obj) => Equals(obj as Text);

    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Value;

    private bool IsPair(int offset) => offset + 1 < Length && char.IsSurrogatePair(Value[offset], Value[offset + 1]);
}
