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
        using JsonDocument golden = RepositoryFiles.Golden("warpers");
        JsonElement test = golden.RootElement.GetProperty("cases").EnumerateArray().Single(one => one.GetProperty("id").GetString() == id);
        float[] logits = [.. golden.RootElement.GetProperty("vectors")[test.GetProperty("vector").GetInt32()].EnumerateArray()
            .Select(value => value.ValueKind == JsonValueKind.Null ? float.NegativeInfinity : value.GetSingle())];
        int[] tokens = [.. test.GetProperty("input_ids").EnumerateArray().Select(token => token.GetInt32())];
        int promptLength = test.TryGetProperty("prompt_len", out JsonElement length) ? length.GetInt32() : tokens.Length;
        JsonElement parameters = test.GetProperty("params");
        var candidates = new CandidateSet(logits.Length);
        if (parameters.TryGetProperty("num_beams", out _))
            LogSoftmax(logits);

        Pipeline(parameters, logits.Length).Apply(logits, new TokenHistory(tokens, promptLength, tokens.AsSpan(0, promptLength)), candidates, uniform: 0);

        (int Id, float Probability)[] actual = Probabilities(candidates);
        int[] kept = [.. test.GetProperty("kept").EnumerateArray().Select(token => token.GetInt32())];
        float[] expected = [.. test.GetProperty("probs").EnumerateArray().Select(value => value.GetSingle())];
        bool ties = test.TryGetProperty("ties", out JsonElement hasTies) && hasTies.GetBoolean();
        Assert.Equal(kept.Length, actual.Length);
        if (!ties)
            Assert.Equal(kept, actual.Select(one => one.Id));
        float[] left = ties ? [.. expected.Order()] : expected;
        float[] right = [.. ties ? actual.Select(one => one.Probability).Order() : actual.Select(one => one.Probability)];
        Assert.All(left.Zip(right), pair => Assert.Equal(pair.First, pair.Second, 2e-6f));
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
        return new SamplingPipeline(new PipelineContext(settings, (int)Number("min_new_tokens", 0), int.MaxValue, eos, [], Number("num_beams", 1) > 1, vocabulary));
    }

    private static void LogSoftmax(float[] scores)
    {
        var whole = new CandidateSet(scores.Length);
        whole.Reset(scores);
        whole.Normalize();
        whole.Scores.CopyTo(scores);
    }

    private static (int Id, float Probability)[] Probabilities(CandidateSet candidates)
    {
        float sum = candidates.Exponentiate();
        float[] weights = candidates.Scratch.ToArray();
        return [.. Enumerable.Range(0, candidates.Count).Select(i => (candidates.Id(i), weights[i] / sum)).Where(one => one.Item2 > 0)];
    }
}
