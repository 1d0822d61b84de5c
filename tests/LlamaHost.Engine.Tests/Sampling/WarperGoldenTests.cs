using System.Text.Json;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Sampling;
using LlamaHost.Tests;

namespace LlamaHost.Engine.Tests.Sampling;

/// <summary>The probabilities that tokens are drawn with equal those of transformers.</summary>
public sealed class WarperGoldenTests
{
    private static readonly string[] Supported = ["temperature", "top_k", "top_p", "min_p", "repetition_penalty", "min_new_tokens", "eos_token_id"];

    public static TheoryData<string> Cases
    {
        get
        {
            using JsonDocument golden = RepositoryFiles.Golden("warpers");
            return [.. golden.RootElement.GetProperty("cases").EnumerateArray()
                .Where(one => one.TryGetProperty("probs", out _) && one.GetProperty("params").EnumerateObject().All(parameter => Supported.Contains(parameter.Name)))
                .Select(one => one.GetProperty("id").GetString()!)];
        }
    }

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
        SamplingPipeline pipeline = Pipeline(parameters, logits.Length);
        foreach (int token in tokens)
            pipeline.Observe(token);

        pipeline.Apply(logits, tokens.Length - promptLength, candidates);

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
            RepetitionPenalty = Number("repetition_penalty", 1),
        };
        int[] eos = !parameters.TryGetProperty("eos_token_id", out JsonElement ids) ? []
            : ids.ValueKind == JsonValueKind.Array ? [.. ids.EnumerateArray().Select(token => token.GetInt32())] : [ids.GetInt32()];
        return new SamplingPipeline(settings, (int)Number("min_new_tokens", 0), eos, vocabulary);
    }

    private static (int Id, float Probability)[] Probabilities(CandidateSet candidates)
    {
        float sum = candidates.Exponentiate();
        float[] weights = candidates.Scratch.ToArray();
        return [.. Enumerable.Range(0, candidates.Count).Select(i => (candidates.Id(i), weights[i] / sum)).Where(one => one.Item2 > 0)];
    }
}
