namespace LlamaHost.Grammars;

/// <summary>A set of Unicode scalar values: code points but for surrogates, which no UTF-8 text has.</summary>
public sealed class CharSet : IEquatable<CharSet>
{
    /// <summary>The last code point.</summary>
    public const int MaxCodePoint = 0x10FFFF;

    private const int FirstSurrogate = 0xD800;
    private const int LastSurrogate = 0xDFFF;

    private readonly (int First, int Last)[] _ranges;

    // Sorted, disjoint, not adjacent, without surrogates.
    private CharSet((int First, int Last)[] ranges) => _ranges = ranges;

    /// <summary>No character.</summary>
    public static CharSet None { get; } = new([]);

    /// <summary>Every character.</summary>
    public static CharSet Any { get; } = Range(0, MaxCodePoint);

    /// <summary>Its characters as ranges, in order, not adjacent to each other.</summary>
    public IReadOnlyList<(int First, int Last)> Ranges => _ranges;

    /// <summary>Whether it has no character.</summary>
    public bool IsEmpty => _ranges.Length == 0;

    /// <summary>One character.</summary>
    public static CharSet Of(int codePoint) => Range(codePoint, codePoint);

    /// <summary>Each character of a text.</summary>
    public static CharSet AnyOf(string characters) => Union(characters.EnumerateRunes().Select(rune => Of(rune.Value)));

    /// <summary>The characters from one to another, both included.</summary>
    public static CharSet Range(int first, int last) => Normalize([(first, last)]);

    /// <summary>What is in one of several sets.</summary>
    public static CharSet Union(IEnumerable<CharSet> sets) => Normalize(sets.SelectMany(set => set._ranges));

    /// <summary>What is in one of two sets.</summary>
    public CharSet Or(CharSet other) => Union([this, other]);

    /// <summary>What is in both sets.</summary>
    public CharSet And(CharSet other)
    {
        List<(int, int)> both = [];
        for (int i = 0, j = 0; i < _ranges.Length && j < other._ranges.Length;)
        {
            int first = Math.Max(_ranges[i].First, other._ranges[j].First);
            int last = Math.Min(_ranges[i].Last, other._ranges[j].Last);
            if (first <= last)
                both.Add((first, last));
            if (_ranges[i].Last < other._ranges[j].Last)
                i++;
            else
                j++;
        }
        return new CharSet([.. both]);
    }

    /// <summary>What is not in the set.</summary>
    public CharSet Not()
    {
        List<(int, int)> gaps = [];
        int next = 0;
        foreach ((int first, int last) in _ranges)
        {
            if (first > next)
                gaps.Add((next, first - 1));
            next = last + 1;
        }
        if (next <= MaxCodePoint)
            gaps.Add((next, MaxCodePoint));
        return Normalize(gaps);
    }

    /// <summary>What is in this set alone.</summary>
    public CharSet Except(CharSet other) => And(other.Not());

    /// <summary>Whether the character is in it.</summary>
    public bool Contains(int codePoint) => _ranges.Any(range => codePoint >= range.First && codePoint <= range.Last);

    /// <inheritdoc/>
    public bool Equals(CharSet? other) => other is not null && _ranges.AsSpan().SequenceEqual(other._ranges);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CharSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach ((int First, int Last) range in _ranges)
            hash.Add(range);
        return hash.ToHashCode();
    }

    private static CharSet Normalize(IEnumerable<(int First, int Last)> ranges)
    {
        List<(int First, int Last)> merged = [];
        foreach ((int first, int last) in ranges.SelectMany(WithoutSurrogates).Where(range => range.First <= range.Last).Order())
        {
            if (merged.Count > 0 && first <= merged[^1].Last + 1)
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, last));
            else
                merged.Add((first, last));
        }
        return new CharSet([.. merged]);
    }

    private static IEnumerable<(int First, int Last)> WithoutSurrogates((int First, int Last) range) =>
        range.Last < FirstSurrogate || range.First > LastSurrogate
            ? [range]
            : [(range.First, FirstSurrogate - 1), (LastSurrogate + 1, range.Last)];
}
