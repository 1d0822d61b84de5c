using CsCheck;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Tests.Sampling;

public sealed class SequenceSeedTests
{
    // The first outputs of SplitMix64 from state 0, as published; ours are their upper 53 bits.
    [Theory]
    [InlineData(1, 0xE220A8397B1DCDAFul)]
    [InlineData(2, 0x6E789E6AA1B965F4ul)]
    [InlineData(3, 0x06C45D188009454Ful)]
    public void Seeds_equal_the_published_answers(int index, ulong expected) => Assert.Equal(expected >> 11, Request(0).SequenceSeed(index));

    [Fact]
    public void The_first_sequence_has_the_seed_of_its_request() => Gen.ULong.Sample(seed => Assert.Equal(seed, Request(seed).SequenceSeed(0)));

    [Fact]
    public void Siblings_have_different_seeds_that_any_JSON_reader_keeps() => Gen.ULong.Sample(seed =>
    {
        ulong[] seeds = [.. Enumerable.Range(1, 300).Select(Request(seed).SequenceSeed)];

        Assert.Equal(300, seeds.Distinct().Count());
        Assert.All(seeds, one => Assert.Equal(one, (ulong)(double)one));
    }, iter: 200);

    private static GenerationRequest Request(ulong seed) => new() { Id = "a", PromptTokens = [1], Seed = seed };
}
