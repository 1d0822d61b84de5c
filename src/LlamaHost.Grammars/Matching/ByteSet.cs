namespace LlamaHost.Grammars.Matching;

/// <summary>A set of bytes.</summary>
internal readonly record struct ByteSet(ulong B0, ulong B1, ulong B2, ulong B3)
{
    public bool IsEmpty => (B0 | B1 | B2 | B3) == 0;

    public static ByteSet Range(int first, int last)
    {
        var set = default(ByteSet);
        for (int value = first; value <= last; value++)
            set |= Of(value);
        return set;
    }

    public static ByteSet Of(int value)
    {
        ulong bit = 1UL << (value % 64);
        return (value / 64) switch
        {
            0 => new ByteSet(bit, 0, 0, 0),
            1 => new ByteSet(0, bit, 0, 0),
            2 => new ByteSet(0, 0, bit, 0),
            _ => new ByteSet(0, 0, 0, bit),
        };
    }

    public static ByteSet operator |(ByteSet left, ByteSet right) =>
        new(left.B0 | right.B0, left.B1 | right.B1, left.B2 | right.B2, left.B3 | right.B3);

    public bool Contains(int value) => ((((value / 64) switch { 0 => B0, 1 => B1, 2 => B2, _ => B3 }) >> (value % 64)) & 1) != 0;
}
