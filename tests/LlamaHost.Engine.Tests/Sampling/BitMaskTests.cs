using CsCheck;
using LlamaHost.Engine.Sampling;

namespace LlamaHost.Engine.Tests.Sampling;

public sealed class BitMaskTests
{
    private static readonly Gen<float[]> Values = Gen.OneOf(
        Gen.Int[-5, 5].Select(value => (float)value),
        Gen.Single[-6, 6],
        Gen.OneOf(float.NaN, float.PositiveInfinity, float.NegativeInfinity)).Array[0, 300];

    private static readonly Gen<float> Bound = Gen.OneOf(Gen.Single[-6, 6], Gen.OneOf(float.PositiveInfinity, float.NaN));

    // Numbers in a row that are all kept or all dropped are common too.
    private static readonly Gen<bool[]> Bits =
        Gen.Select(Gen.Int[1, 90], Gen.Bool.Array[0, 300], (run, bits) => bits.Select((_, i) => bits[i / run * run]).ToArray());

    [Fact]
    public void Marked_are_the_numbers_within_the_range() =>
        Gen.Select(Values, Gen.Single[-6, 6], Bound).Sample((values, lowest, highest) =>
        {
            ulong[] mask = [.. Enumerable.Repeat(ulong.MaxValue, BitMask.Words(values.Length))];

            int marked = BitMask.Mark(values, lowest, highest, mask);

            int[] expected = [.. Enumerable.Range(0, values.Length).Where(i => values[i] >= lowest && values[i] <= highest)];
            Assert.Equal(expected.Length, marked);
            Assert.Equal(expected, Marked(mask));
        });

    [Fact]
    public void What_is_kept_stays_in_order_in_place_or_elsewhere() =>
        Bits.Sample(bits =>
        {
            ulong[] mask = Mask(bits);
            int[] values = [.. bits.Select((_, i) => i * 7)];
            int[] expected = [.. values.Where((_, i) => bits[i])];
            int[] elsewhere = new int[values.Length];
            int[] bitByBit = new int[values.Length];
            int[] indices = new int[values.Length];

            BitMask.Compact(mask, values, elsewhere);
            BitMask.CompactBitByBit(mask, values, bitByBit);
            BitMask.Indices(mask, values.Length, indices);
            BitMask.Compact(mask, values, values);

            Assert.Equal(expected, values[..expected.Length]);
            Assert.Equal(expected, elsewhere[..expected.Length]);
            Assert.Equal(expected, bitByBit[..expected.Length]);
            Assert.Equal(expected, indices[..expected.Length].Select(index => index * 7));
        });

    private static ulong[] Mask(bool[] bits)
    {
        ulong[] mask = new ulong[BitMask.Words(bits.Length)];
        for (int i = 0; i < bits.Length; i++)
        {
            BitMask.Set(mask, i);
            if (!bits[i])
                BitMask.Clear(mask, i);
        }
        return mask;
    }

    private static List<int> Marked(ulong[] mask)
    {
        List<int> marked = [];
        for (int index = BitMask.Next(mask, 0); index >= 0; index = BitMask.Next(mask, index + 1))
            marked.Add(index);
        return marked;
    }
}
