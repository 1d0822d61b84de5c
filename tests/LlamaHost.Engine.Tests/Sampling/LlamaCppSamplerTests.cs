using CsCheck;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Sampling;
using LlamaHost.Engine.Sampling.Processors;
using LlamaHost.Engine.Sampling.Warpers;

namespace LlamaHost.Engine.Tests.Sampling;

/// <summary>What llama.cpp's users know, against its formulas written down as plainly as possible.</summary>
public sealed class LlamaCppSamplerTests
{
    private static readonly Gen<float[]> Logits = Gen.Single[-8, 8].Array[2, 60];

    [Fact]
    public void Dry_penalises_the_token_after_each_repetition_by_its_length() =>
        Gen.Select(Gen.Int[0, 3].Array[0, 40], Gen.Int[0, 3], Gen.Int[-1, 30], Gen.Int[0, 4]).Sample((tokens, allowed, lastN, breakers) =>
        {
            int[][] breaks = [.. new int[][] { [3], [2, 1], [0, 0] }.Take(Math.Max(0, breakers - 1))];
            var settings = new DrySettings(0.8f, 1.75f, allowed, lastN, breaks);
            float[] scores = new float[4];
            new DryProcessor(settings).Apply(scores, new TokenHistory(tokens, 0, tokens));

            int[] text = lastN < 0 ? tokens : [.. tokens.TakeLast(lastN)];
            int limit = SinceBreaker(text, breaks);
            var expected = new float[4];
            for (int next = 0; next < 4; next++)
            {
                int longest = -1;
                for (int place = 1; place < text.Length; place++)
                {
                    if (text[place] != next)
                        continue;
                    int length = 0;
                    while (length < place && text[place - 1 - length] == text[^(1 + length)])
                        length++;
                    longest = Math.Max(longest, Math.Min(length, limit));
                }
                bool isBreaker = breaks.Any(one => one is [var only] && only == next);
                if (longest >= allowed && limit >= allowed && text.Length > allowed && !isBreaker)
                    expected[next] = -0.8f * MathF.Pow(1.75f, longest - allowed);
            }
            Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
        }, iter: 5000);

    [Fact]
    public void Top_n_sigma_keeps_what_is_near_the_largest_logit() =>
        Gen.Select(Logits, Gen.Single[0.1f, 3]).Sample((logits, n) =>
        {
            double mean = logits.Average(), deviation = Math.Sqrt(logits.Average(one => Math.Pow(one - mean, 2)));
            double threshold = logits.Max() - (n * deviation);
            int[] kept = Kept(new TopNSigmaWarper(n, minKeep: 1), logits);
            Assert.All(
                Enumerable.Range(0, logits.Length).Where(id => Math.Abs(logits[id] - threshold) > 1e-3),
                id => Assert.Equal(logits[id] > threshold, kept.Contains(id)));
        });

    [Fact]
    public void Xtc_leaves_out_all_likely_tokens_but_the_least_likely_of_them() =>
        Gen.Select(Logits, Gen.Single[0.01f, 0.5f], Gen.Double[0, 0.999]).Sample((logits, threshold, uniform) =>
        {
            var candidates = new CandidateSet(logits.Length);
            candidates.Reset(logits);
            new XtcWarper(new XtcSettings(0.5f, threshold)).Apply(candidates, uniform);
            double sum = logits.Sum(one => Math.Exp(one));
            int[] likely = [.. Enumerable.Range(0, logits.Length).Where(id => Math.Exp(logits[id]) / sum >= threshold).OrderBy(id => logits[id])];
            bool acts = uniform < 0.5 && likely.Length > 1;
            Assert.Equal(logits.Length - (acts ? likely.Length - 1 : 0), candidates.Count);
            if (acts)
                Assert.DoesNotContain(likely[^1], Enumerable.Range(0, candidates.Count).Select(candidates.Id));
        });

    [Fact]
    public void A_dynamic_temperature_rises_with_the_entropy() =>
        Gen.Select(Logits, Gen.Single[0.1f, 1.5f], Gen.Single[0.1f, 2]).Sample((logits, range, exponent) =>
        {
            var candidates = new CandidateSet(logits.Length);
            candidates.Reset(logits);
            new DynamicTemperatureWarper(1, range, exponent).Apply(candidates);
            double sum = logits.Sum(one => Math.Exp(one));
            double entropy = -logits.Sum(one => Math.Exp(one) / sum * Math.Log(Math.Exp(one) / sum));
            double lowest = Math.Max(0, 1 - range);
            double temperature = lowest + ((1 + range - lowest) * Math.Pow(entropy / Math.Log(logits.Length), exponent));
            if (temperature > 1e-3)
                Assert.All(
                    Enumerable.Range(0, logits.Length),
                    id => Assert.Equal(logits[id] / temperature, candidates.Scores[id], 0.01 * Math.Abs(logits[id] / temperature) + 1e-3));
        });

    [Fact]
    public void Frequency_counts_each_occurrence_in_the_continuation_and_presence_one()
    {
        float[] scores = [1, 1, 1, 1];
        new OccurrencePenaltyProcessor(0.25f, 0.5f, 4).Apply(scores, new TokenHistory([3, 1, 2, 1, 1], 1, [3]));
        Assert.Equal([1, 1 - 0.5f - (3 * 0.25f), 1 - 0.5f - 0.25f, 1], scores);
    }

    private static int SinceBreaker(int[] text, int[][] breaks)
    {
        for (int start = text.Length - 1; start >= 0; start--)
        {
            int[]? found = breaks.Where(one => start + one.Length <= text.Length && text.AsSpan(start, one.Length).SequenceEqual(one))
                .MaxBy(one => one.Length);
            if (found is not null)
                return text.Length - start - found.Length;
        }
        return text.Length;
    }

    private static int[] Kept(TopNSigmaWarper warper, float[] logits)
    {
        var candidates = new CandidateSet(logits.Length);
        candidates.Reset(logits);
        warper.Apply(candidates);
        return [.. Enumerable.Range(0, candidates.Count).Select(candidates.Id)];
    }
}
