namespace LlamaHost.Grammars.Matching;

/// <summary>
/// The UTF-8 forms of characters as sequences of byte ranges. Source: Cox, "Regular Expression Matching in the Wild" (2010), and RE2.
/// </summary>
internal static class Utf8Ranges
{
    private static readonly int[] LastOfLength = [0x7F, 0x7FF, 0xFFFF, 0x10FFFF];

    /// <summary>For each of the sequences: a first and a last byte at every place. Together they are exactly the characters of the range.</summary>
    public static IEnumerable<(byte First, byte Last)[]> Of(int first, int last)
    {
        foreach (int boundary in LastOfLength)
        {
            if (first > boundary || first > last)
                continue;
            foreach ((byte, byte)[] sequence in SameLength(first, Math.Min(last, boundary)))
                yield return sequence;
            first = Math.Max(first, boundary + 1);
        }
    }

    // Cut where the last bytes don't go from their least to their greatest.
    private static IEnumerable<(byte First, byte Last)[]> SameLength(int first, int last)
    {
        for (int bits = 6; bits <= 18 && last > 0x7F; bits += 6)
        {
            int low = (1 << bits) - 1;
            if ((first & ~low) == (last & ~low))
                continue;
            if ((first & low) != 0)
                return [.. SameLength(first, first | low), .. SameLength((first | low) + 1, last)];
            if ((last & low) != low)
                return [.. SameLength(first, (last & ~low) - 1), .. SameLength(last & ~low, last)];
        }
        Span<byte> from = stackalloc byte[4];
        Span<byte> to = stackalloc byte[4];
        int length = Encode(first, from);
        Encode(last, to);
        var sequence = new (byte, byte)[length];
        for (int i = 0; i < length; i++)
            sequence[i] = (from[i], to[i]);
        return [sequence];
    }

    private static int Encode(int codePoint, Span<byte> bytes) => new System.Text.Rune(codePoint).EncodeToUtf8(bytes);
}
