using System.Text.Json;
using LlamaHost.Engine.Requests;
using LlamaHost.Tests;

namespace LlamaHost.Engine.Tests.Generation;

/// <summary>The engine's log-probabilities of a text equal those of transformers on the same weights.</summary>
public sealed class ScoringGoldenTests(TinyModels models)
{
    public static TheoryData<string> Cases
    {
        get
        {
            using JsonDocument golden = RepositoryFiles.Golden("scoring");
            return [.. golden.RootElement.GetProperty("cases").EnumerateArray().Select(one => one.GetProperty("id").GetString()!)];
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Log_probabilities_and_most_likely_tokens_equal_those_of_transformers(string id)
    {
        using JsonDocument golden = RepositoryFiles.Golden("scoring");
        JsonElement test = golden.RootElement.GetProperty("cases").EnumerateArray().Single(one => one.GetProperty("id").GetString() == id);
        EngineHarness harness = models[Path.GetFileNameWithoutExtension(test.GetProperty("model").GetString()!)];
        int[] ids = GoldenRequest.Ints(test.GetProperty("ids"));
        var request = new GenerationRequest { Id = id, PromptTokens = ids[..1], Continuations = [ids[1..]], LogProbs = 5 };

        SequenceResult result = (await harness.GenerateAsync(request, TestContext.Current.CancellationToken))[0];

        Assert.Equal(ids[1..], result.Ids);
        JsonElement[] expected = [.. test.GetProperty("token_logprobs").EnumerateArray()];
        JsonElement[] top = [.. test.GetProperty("top").EnumerateArray()];
        for (int i = 1; i < ids.Length; i++)
        {
            Assert.Equal(expected[i].GetSingle(), result.Tokens[i - 1].LogProb!.Value, 1e-3f);
            AssertTop(top[i - 1], result.Tokens[i - 1].Alternatives!);
        }
        AssertTop(top[^1], result.Finish!.Next!);
    }

    [Fact]
    public void Every_case_is_tested() => Assert.Equal(19, Cases.Count);

    private static void AssertTop(JsonElement expected, IReadOnlyList<TokenLogProb> actual)
    {
        float[] logProbs = [.. expected[1].EnumerateArray().Select(one => one.GetSingle())];
        Assert.Equal(logProbs, actual.Select(one => one.LogProb), (left, right) => Math.Abs(left - right) < 1e-3f);
        // Neighbours that are nearly as likely may stand in either order.
        for (int i = 0; i < actual.Count; i++)
            Assert.Contains(
                expected[0].EnumerateArray().Index(),
                one => one.Item.GetInt32() == actual[i].Id && Math.Abs(logProbs[one.Index] - actual[i].LogProb) < 1e-3f);
    }
}
