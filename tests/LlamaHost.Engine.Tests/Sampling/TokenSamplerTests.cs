using CsCheck;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Sampling;

namespace LlamaHost.Engine.Tests.Sampling;

public sealed class TokenSamplerTests
{
    [Fact]
    public void Draws_follow_the_distribution()
    {
        float[] logits = [.. Enumerable.Range(0, 3000).Select(i => (float)Math.Sin(i * i) * 2)];
        var pipeline = Pipeline(new SamplingSettings { DoSample = true, TopK = 20, Temperature = 0.7f }, logits.Length);
        var candidates = new CandidateSet(logits.Length);
        pipeline.Apply(logits, default, candidates, 0);
        double sum = candidates.Exponentiate();
        var expected = Enumerable.Range(0, candidates.Count).ToDictionary(candidates.Id, i => candidates.Weights[i] / sum);
        var sampler = new TokenSampler(logits.Length);
        const int Draws = 20_000;
        var counts = Enumerable.Range(0, Draws).CountBy(i => sampler.Choose(logits, pipeline, default, new RandomStream((ulong)i, 0))).ToDictionary();
        Assert.Empty(counts.Keys.Except(expected.Keys));
        double chiSquare = expected.Sum(one => Math.Pow(counts.GetValueOrDefault(one.Key) - (one.Value * Draws), 2) / (one.Value * Draws));
        // 19 degrees of freedom: 50 is passed by chance once in 8,000; the seed is fixed.
        Assert.InRange(chiSquare, 4, 50);
    }

    [Fact]
    public void Top_p_keeps_the_smallest_sufficient_set_of_any_vocabulary() =>
        Gen.Select(Gen.Single[-12, 12].Array[2, 4000], Gen.Single[0.01f, 0.999f]).Sample((logits, p) =>
        {
            var pipeline = Pipeline(new SamplingSettings { DoSample = true, TopK = 0, TopP = p }, logits.Length);
            var candidates = new CandidateSet(logits.Length);
            pipeline.Apply(logits, default, candidates, 0);
            double max = logits.Max();
            double[] weights = [.. logits.Select(logit => Math.Exp(logit - max))];
            double sum = weights.Sum();
            int[] kept = [.. Enumerable.Range(0, candidates.Count).Select(candidates.Id)];
            double mass = kept.Sum(id => weights[id]) / sum;
            double least = kept.Min(id => weights[id]);
            Assert.True(mass >= p - 1e-5, $"{mass} < {p}");
            Assert.True(kept.Length == 1 || mass - (least / sum) < p + 1e-5);
            Assert.True(Enumerable.Range(0, logits.Length).Except(kept).All(id => weights[id] <= least * (1 + 1e-6)));
        });

    [Fact]
    public void A_draw_without_warpers_never_gives_an_impossible_token() =>
        Gen.Select(Gen.Single[-200, 200].Array[1, 3000], Gen.ULong).Sample((logits, seed) =>
        {
            var pipeline = Pipeline(new SamplingSettings { DoSample = true, TopK = 0 }, logits.Length);
            int token = new TokenSampler(logits.Length).Choose(logits, pipeline, default, new RandomStream(seed, 0));
            Assert.InRange(token, 0, logits.Length - 1);
            Assert.True(logits[token] > logits.Max() - 104);
        });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Logits_that_are_not_numbers_give_no_token(bool doSample)
    {
        var pipeline = Pipeline(new SamplingSettings { DoSample = doSample }, 3);
        Assert.Equal(-1, new TokenSampler(3).Choose([1, float.NaN, 2], pipeline, default, default));
    }

    [Fact]
    public void Greedy_takes_the_first_of_equal_tokens_and_leaves_the_logits_alone()
    {
        float[] logits = [1, 5, 5, 2];
        var pipeline = Pipeline(new SamplingSettings { RepetitionPenalty = 2 }, 4);
        Assert.Equal(1, new TokenSampler(4).Choose(logits, pipeline, default, default));
        Assert.Equal(2, new TokenSampler(4).Choose(logits, pipeline, new TokenHistory([1], 1, [1]), default));
        Assert.Equal([1, 5, 5, 2], logits);
    }

    private static SamplingPipeline Pipeline(SamplingSettings settings, int vocabulary) =>
        new(new PipelineContext(settings, 0, int.MaxValue, [], [], IsBeamSearch: false, vocabulary));
}
