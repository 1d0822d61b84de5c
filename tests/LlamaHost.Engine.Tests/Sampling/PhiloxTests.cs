using CsCheck;
using LlamaHost.Engine.Sampling;

namespace LlamaHost.Engine.Tests.Sampling;

public sealed class PhiloxTests
{
    // Known answers of the authors' Random123 library (kat_vectors, philox4x32 10).
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0x00000000_00000000ul, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(~0u, ~0u, ~0u, ~0u, 0xffffffff_fffffffful, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0x299f31d0_a4093822ul, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Blocks_equal_the_published_answers(uint c0, uint c1, uint c2, uint c3, ulong key, uint x0, uint x1, uint x2, uint x3) =>
        Assert.Equal((x0, x1, x2, x3), Philox.Block((c0, c1, c2, c3), key));

    [Fact]
    public void Numbers_are_in_the_unit_interval_and_belong_to_their_place() =>
        Gen.Select(Gen.ULong, Gen.Int[0, 1000], Gen.Int[0, 100000]).Sample((seed, sequence, position) =>
        {
            double number = new RandomStream(seed, sequence).Uniform(position, RandomPurpose.Draw);
            Assert.InRange(number, 0, 1 - (1.0 / (1UL << 53)));
            Assert.Equal(number, new RandomStream(seed, sequence).Uniform(position, RandomPurpose.Draw));
            Assert.NotEqual(number, new RandomStream(seed, sequence + 1).Uniform(position, RandomPurpose.Draw));
            Assert.NotEqual(number, new RandomStream(seed, sequence).Uniform(position + 1, RandomPurpose.Draw));
            Assert.NotEqual(number, new RandomStream(seed + 1, sequence).Uniform(position, RandomPurpose.Draw));
            Assert.NotEqual(number, new RandomStream(seed, sequence).Uniform(position, RandomPurpose.Warper));
        });

    [Fact]
    public void Numbers_are_uniform_over_positions()
    {
        int[] counts = new int[64];
        for (int i = 0; i < 64_000; i++)
            counts[(int)(new RandomStream(42, 3).Uniform(i, RandomPurpose.Draw) * 64)]++;
        // 63 degrees of freedom: 118 is passed by chance once in 30,000.
        Assert.InRange(counts.Sum(count => Math.Pow(count - 1000, 2) / 1000), 25, 118);
    }
}
