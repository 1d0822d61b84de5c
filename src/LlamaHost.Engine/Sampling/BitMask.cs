using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LlamaHost.Engine.Sampling;

/// <summary>One bit for each of many numbers, 64 to a word: which of them are kept. Bits beyond the last number are clear.</summary>
internal static class BitMask
{
    private const int WordBits = 64;

    // The bit of each lane.
    private static Vector512<int> LaneBits => Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);

    /// <summary>Words that hold a bit for each of <paramref name="count"/> numbers.</summary>
    public static int Words(int count) => (count + WordBits - 1) / WordBits;

    /// <summary>Sets the bits of the numbers within a range, clears all others, and returns how many are set. NaN is in no range.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="lowest">Lower bound, inclusive.</param>
    /// <param name="highest">Upper bound, inclusive.</param>
    /// <param name="mask">Receives the bits; at least <see cref="Words"/> long.</param>
    public static int Mark(ReadOnlySpan<float> values, float lowest, float highest, Span<ulong> mask)
    {
        int marked = 0;
        Vector512<float> low = Vector512.Create(lowest);
        Vector512<float> high = Vector512.Create(highest);
        int word = 0;
        for (; (word + 1) * WordBits <= values.Length; word++)
        {
            ulong bits = 0;
            ReadOnlySpan<Vector512<float>> vectors = MemoryMarshal.Cast<float, Vector512<float>>(values.Slice(word * WordBits, WordBits));
            for (int i = 0; i < vectors.Length; i++)
            {
                Vector512<float> inside = Vector512.GreaterThanOrEqual(vectors[i], low) & Vector512.LessThanOrEqual(vectors[i], high);
                bits |= inside.ExtractMostSignificantBits() << (i * Vector512<float>.Count);
            }
            mask[word] = bits;
            marked += BitOperations.PopCount(bits);
        }
        if (word * WordBits < values.Length)
        {
            ulong bits = 0;
            for (int i = word * WordBits; i < values.Length; i++)
                bits |= values[i] >= lowest && values[i] <= highest ? 1UL << (i % WordBits) : 0;
            mask[word] = bits;
            marked += BitOperations.PopCount(bits);
        }
        return marked;
    }

    /// <summary>Sets one bit.</summary>
    public static void Set(Span<ulong> mask, int index) => mask[index / WordBits] |= 1UL << (index % WordBits);

    /// <summary>Clears one bit.</summary>
    public static void Clear(Span<ulong> mask, int index) => mask[index / WordBits] &= ~(1UL << (index % WordBits));

    /// <summary>The first index from <paramref name="from"/> on whose bit is set, or −1.</summary>
    public static int Next(ReadOnlySpan<ulong> mask, int from)
    {
        int word = from / WordBits;
        if (word >= mask.Length)
            return -1;
        ulong bits = mask[word] >> (from % WordBits) << (from % WordBits);
        while (bits == 0)
        {
            if (++word == mask.Length)
                return -1;
            bits = mask[word];
        }
        return (word * WordBits) + BitOperations.TrailingZeroCount(bits);
    }

    /// <summary>Writes the numbers whose bits are set, in their order.</summary>
    /// <param name="mask">Which.</param>
    /// <param name="values">All of them.</param>
    /// <param name="kept">Receives them: as long as the values, or the values themselves.</param>
    public static void Compact(ReadOnlySpan<ulong> mask, ReadOnlySpan<float> values, Span<float> kept) =>
        Compact(mask, MemoryMarshal.Cast<float, int>(values), MemoryMarshal.Cast<float, int>(kept));

    /// <inheritdoc cref="Compact(ReadOnlySpan{ulong}, ReadOnlySpan{float}, Span{float})"/>
    public static void Compact(ReadOnlySpan<ulong> mask, ReadOnlySpan<int> values, Span<int> kept)
    {
        if (!Avx512F.IsSupported)
        {
            CompactBitByBit(mask, values, kept);
            return;
        }
        ReadOnlySpan<Vector512<int>> vectors = MemoryMarshal.Cast<int, Vector512<int>>(values);
        int count = 0;
        for (int i = 0; i < vectors.Length; i++)
        {
            int bits = LaneMask(mask, i);
            if (bits == 0)
                continue;
            // Writes a whole vector; what is beyond the kept ones is overwritten by the next, and the kept are never more than those read.
            Avx512F.Compress(Vector512<int>.Zero, Lanes(bits), vectors[i]).CopyTo(kept[count..]);
            count += BitOperations.PopCount((uint)bits);
        }
        for (int index = Next(mask, vectors.Length * Vector512<int>.Count); index >= 0; index = Next(mask, index + 1))
            kept[count++] = values[index];
    }

    /// <summary>Writes the indices whose bits are set, in their order.</summary>
    /// <param name="mask">Which.</param>
    /// <param name="length">How many bits there are.</param>
    /// <param name="indices">Receives them; as long as there are bits.</param>
    public static void Indices(ReadOnlySpan<ulong> mask, int length, Span<int> indices)
    {
        int count = 0;
        int vectors = Avx512F.IsSupported ? length / Vector512<int>.Count : 0;
        for (int i = 0; i < vectors; i++)
        {
            int bits = LaneMask(mask, i);
            if (bits == 0)
                continue;
            Vector512<int> all = Vector512<int>.Indices + Vector512.Create(i * Vector512<int>.Count);
            Avx512F.Compress(Vector512<int>.Zero, Lanes(bits), all).CopyTo(indices[count..]);
            count += BitOperations.PopCount((uint)bits);
        }
        for (int index = Next(mask, vectors * Vector512<int>.Count); index >= 0; index = Next(mask, index + 1))
            indices[count++] = index;
    }

    /// <summary>
    /// What <see cref="Compact(ReadOnlySpan{ulong}, ReadOnlySpan{int}, Span{int})"/> does on processors that have no instruction for it.
    /// </summary>
    internal static void CompactBitByBit(ReadOnlySpan<ulong> mask, ReadOnlySpan<int> values, Span<int> kept)
    {
        int count = 0;
        for (int word = 0; word < mask.Length; word++)
        {
            for (ulong bits = mask[word]; bits != 0; bits &= bits - 1)
                kept[count++] = values[(word * WordBits) + BitOperations.TrailingZeroCount(bits)];
        }
    }

    // The bits of the i-th vector's lanes.
    private static int LaneMask(ReadOnlySpan<ulong> mask, int i) => (ushort)(mask[i / 4] >> (i % 4 * Vector512<int>.Count));

    private static Vector512<int> Lanes(int bits) => Vector512.Equals(Vector512.Create(bits) & LaneBits, LaneBits);
}
