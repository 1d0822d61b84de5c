using System.Text.Json;
using LlamaHost.Engine.Requests;
using LlamaHost.Tests;

namespace LlamaHost.Engine.Tests.Generation;

/// <summary>The engine's beam search finds what that of transformers finds on the same weights: tokens, order and scores.</summary>
public sealed class BeamGoldenTests(TinyModels models)
{
    public static TheoryData<string> Cases
    {
        get
        {
            using JsonDocument golden = RepositoryFiles.Golden("beam");
            return [.. golden.RootElement.GetProperty("cases").EnumerateArray().Where(one => one.TryGetProperty("sequences", out _))
                .Select(one => one.GetProperty("id").GetString()!)];
        }
    }

    [Fact]
    public void Every_case_is_tested() => Assert.Equal(76, Cases.Count);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Sequences_and_scores_equal_those_of_transformers(string id)
    {
        using JsonDocument golden = RepositoryFiles.Golden("beam");
        JsonElement test = golden.RootElement.GetProperty("cases").EnumerateArray().Single(one => one.GetProperty("id").GetString() == id);
        EngineHarness harness = models[Path.GetFileNameWithoutExtension(test.GetProperty("model").GetString()!)];
        GenerationRequest request = GoldenRequest.Of(test, harness.Engine.Model);

        IReadOnlyList<SequenceResult> results = await harness.GenerateAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(test.GetProperty("sequences").GetArrayLength(), results.Count);
        foreach (SequenceResult result in results)
        {
            int length = test.GetProperty("new_tokens")[result.Index].GetInt32();
            int[] expected = GoldenRequest.Ints(test.GetProperty("sequences")[result.Index]).AsSpan(request.PromptTokens.Count, length).ToArray();
            Assert.Equal(expected, result.Ids);
            Assert.Equal(test.GetProperty("sequences_scores")[result.Index].GetSingle(), result.Finish!.Score!.Value, 1e-3f);
            Assert.Equal(GoldenRequest.Finish(test.GetProperty("finish")[result.Index]), result.Finish.Reason);
            Assert.All(result.Tokens, token => Assert.True(token.LogProb <= 0));
        }
    }
}
