using CsCheck;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Sampling;
using LlamaHost.Engine.Sampling.Warpers;

namespace LlamaHost.Engine.Tests.Sampling;

/// <summary>Warpers that select keep exactly what their definitions keep, which sort the whole vocabulary and go through it token by token.</summary>
public sealed class WarperTwinTests
{
    // Few distinct logits, so that ties are common; forbidden tokens among them.
    private static readonly Gen<float[]> Logits = Gen.OneOf(
        Gen.Select(Gen.Int[-4, 4].Select(logit => (float)logit).Array[2, 600], Gen.Bool)
            .Select((logits, forbids) => forbids ? [float.NegativeInfinity, .. logits] : logits),
        Gen.Single[-12, 12].Array[2, 3000]);

    [Fact]
    public void Top_p_drops_the_least_likely_as_long_as_all_dropped_have_at_most_the_rest() =>
        Gen.Select(Logits, Gen.OneOf(Gen.Single[0.01f, 0.999f], Gen.OneOf(0.5f, 0.75f)), Gen.Int[1, 4]).Sample((logits, p, minKeep) =>
        {
            CandidateSet candidates = Candidates(logits);
            double sum = candidates.Exponentiate();
            float[] weights = candidates.Weights.ToArray();

            new TopPWarper(p, minKeep).Apply(candidates);

            // Of equally likely tokens the last goes first.
            int[] ascending = [.. Enumerable.Range(0, weights.Length).OrderBy(id => weights[id]).ThenByDescending(id => id)];
            double cumulative = 0;
            int[] dropped = [.. ascending.TakeWhile(id => (cumulative += weights[id]) <= (1.0 - p) * sum)];
            int[] expected = [.. ascending.Skip(Math.Min(dropped.Length, weights.Length - Math.Min(minKeep, weights.Length))).Order()];
            Assert.Equal(expected, Ids(candidates));
        });

    [Fact]
    public void Typical_p_keeps_the_tokens_nearest_to_the_entropy_until_they_have_the_mass() =>
        Gen.Select(Logits, Gen.Single[0.01f, 0.999f], Gen.Int[1, 4]).Sample((logits, mass, minKeep) =>
        {
            CandidateSet candidates = Candidates(logits);
            double sum = candidates.Exponentiate();
            float[] weights = candidates.Weights.ToArray();
            (float normalizer, float entropy) = (candidates.LogSumExp(), candidates.Entropy());
            float[] distances = [.. logits.Select(logit => Math.Abs(normalizer - logit - entropy))];

            new TypicalWarper(mass, minKeep).Apply(candidates);

            int[] ascending = [.. Enumerable.Range(0, weights.Length).OrderBy(id => distances[id])];
            double cumulative = 0;
            int needed = Math.Min(ascending.Length - 1, ascending.TakeWhile(id => (cumulative += weights[id]) < mass * sum).Count());
            float farthest = distances[ascending[Math.Max(needed, Math.Min(minKeep, ascending.Length) - 1)]];
            Assert.Equal(Enumerable.Range(0, weights.Length).Where(id => distances[id] <= farthest), Ids(candidates));
        });

    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    public void Top_k_keeps_what_is_tied_with_the_kth(int k) =>
        Logits.Sample(logits =>
        {
            CandidateSet candidates = Candidates(logits);
            new TopKWarper(k, minKeep: 1).Apply(candidates);
            float least = logits.OrderDescending().ElementAt(Math.Min(k, logits.Length) - 1);
            Assert.Equal(Enumerable.Range(0, logits.Length).Where(id => logits[id] >= least), Ids(candidates));
        });

    [Fact]
    public void Weights_that_are_kept_equal_those_of_the_kept_scores() =>
        Gen.Select(Logits, Gen.Single[-4, 4]).Sample((logits, threshold) =>
        {
            CandidateSet candidates = Candidates(logits);
            candidates.Exponentiate();
            candidates.KeepAtLeast(threshold, minKeep: 1);
            double sum = candidates.Exponentiate();
            CandidateSet anew = Candidates(candidates.Scores.ToArray());
            double sumAnew = anew.Exponentiate();
            for (int i = 0; i < candidates.Count; i++)
                Assert.Equal(anew.Weights[i] / sumAnew, candidates.Weights[i] / sum, 1e-6);
            Assert.Equal(anew.LogSumExp(), candidates.LogSumExp(), 1e-5);
            Assert.Equal(anew.Entropy(), candidates.Entropy(), 1e-4);
        });

    private static CandidateSet Candidates(float[] logits)
    {
        var candidates = new CandidateSet(logits.Length);
        candidates.Reset(logits);
        return candidates;
    }

    private static IEnumerable<int> Ids(CandidateSet candidates) => Enumerable.Range(0, candidates.Count).Select(candidates.Id);
}
