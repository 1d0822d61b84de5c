using System.Text.Json;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Sampling;
using LlamaHost.Tests;

namespace LlamaHost.Engine.Tests.Sampling;

/// <summary>The probabilities that tokens are drawn with equal those of transformers.</summary>
public sealed class WarperGoldenTests
{
    public static TheoryData<string> Cases
    {
        get
        {
            using JsonDocument golden = RepositoryFiles.Golden("warpers");
            return [.. golden.RootElement.GetProperty("cases").EnumerateArray()
                .Where(one => one.TryGetProperty("probs", out _))
                .Select(one => one.GetProperty("id").GetString()!)];
        }
    }

    [Fact]
    public void All_cases_are_tested() => Assert.Equal(151, Cases.Count);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Probabilities_equal_those_of_transformers(string id)
    {
        var test = new Case(id);

        (int Id, float Probability)[] actual = Probabilities(test.Apply());

        Assert.Equal(test.Kept.Length, actual.Length);
        if (!test.HasTies)
            Assert.Equal(test.Kept, actual.Select(one => one.Id));
        float[] left = test.HasTies ? [.. test.Probabilities.Order()] : test.Probabilities;
        float[] right = [.. test.HasTies ? actual.Select(one => one.Probability).Order() : actual.Select(one => one.Probability)];
        Assert.All(left.Zip(right), pair => Assert.Equal(pair.First, pair.Second, 2e-6f));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Draws_follow_the_probabilities_of_transformers(string id)
    {
        const int Draws = 20_000;
        var test = new Case(id);
        if (test.HasTies)
            return;
        CandidateSet candidates = test.Apply();
        Dictionary<int, int> counts = [];
        for (int i = 0; i < Draws; i++)
        {
            int token = candidates.Draw(new RandomStream(11).Uniform(i, RandomPurpose.Draw));
            counts[token] = counts.GetValueOrDefault(token) + 1;
        }
        Assert.Empty(counts.Keys.Except(test.Kept));
        ChiSquare.AssertFits(
            test.Kept.Zip(test.Probabilities, (token, probability) => (probability * (double)Draws, counts.GetValueOrDefault(token))));
    }

    private static SamplingPipeline Pipeline(JsonElement parameters, int vocabulary)
    {
        float Number(string name, float otherwise) => parameters.TryGetProperty(name, out JsonElement value) ? value.GetSingle() : otherwise;
        var settings = new SamplingSettings
        {
            DoSample = true,
            Temperature = Number("temperature", 1),
            TopK = (int)Number("top_k", 50),
            TopP = Number("top_p", 1),
            MinP = Number("min_p", 0),
            TopH = Number("top_h", 0),
            TypicalP = Number("typical_p", 1),
            EpsilonCutoff = Number("epsilon_cutoff", 0),
            EtaCutoff = Number("eta_cutoff", 0),
            RepetitionPenalty = Number("repetition_penalty", 1),
            ExponentialDecayLengthPenalty = parameters.TryGetProperty("exponential_decay_length_penalty", out JsonElement decay)
                ? new ExponentialDecay(decay[0].GetInt32(), decay[1].GetSingle()) : null,
        };
        int[] eos = !parameters.TryGetProperty("eos_token_id", out JsonElement ids) ? []
            : ids.ValueKind == JsonValueKind.Array ? [.. ids.EnumerateArray().Select(token => token.GetInt32())] : [ids.GetInt32()];
        return new SamplingPipeline(
            new PipelineContext(settings, (int)Number("min_new_tokens", 0), int.MaxValue, eos, [], Number("num_beams", 1) > 1, vocabulary));
    }

    private static (int Id, float Probability)[] Probabilities(CandidateSet candidates)
    {
        double sum = candidates.Exponentiate();
        float[] weights = candidates.Weights.ToArray();
        return [.. Enumerable.Range(0, candidates.Count).Select(i => (candidates.Id(i), (float)(weights[i] / sum))).Where(one => one.Item2 > 0)];
    }

    private sealed class Case
    {
        private readonly float[] _logits;
        private readonly int[] _tokens;
        private readonly int _promptLength;
        private readonly SamplingPipeline _pipeline;

        public Case(string id)
        {
            using JsonDocument golden = RepositoryFiles.Golden("warpers");
            JsonElement test = golden.RootElement.GetProperty("cases").EnumerateArray().Single(one => one.GetProperty("id").GetString() == id);
            _logits = [.. golden.RootElement.GetProperty("vectors")[test.GetProperty("vector").GetInt32()].EnumerateArray()
                .Select(value => value.ValueKind == JsonValueKind.Null ? float.NegativeInfinity : value.GetSingle())];
            _tokens = [.. test.GetProperty("input_ids").EnumerateArray().Select(token => token.GetInt32())];
            _promptLength = test.TryGetProperty("prompt_len", out JsonElement length) ? length.GetInt32() : _tokens.Length;
            _pipeline = Pipeline(test.GetProperty("params"), _logits.Length);
            Kept = [.. test.GetProperty("kept").EnumerateArray().Select(token => token.GetInt32())];
            Probabilities = [.. test.GetProperty("probs").EnumerateArray().Select(value => value.GetSingle())];
            HasTies = test.TryGetProperty("ties", out JsonElement ties) && ties.GetBoolean();
        }

        public int[] Kept { get; }

        public float[] Probabilities { get; }

        public bool HasTies { get; }

        public CandidateSet Apply()
        {
            var candidates = new CandidateSet(_logits.Length);
            _pipeline.Apply(_logits, new TokenHistory(_tokens, _promptLength, _tokens.AsSpan(0, _promptLength)), candidates, uniform: 0);
            return candidates;
        }
    }
}
