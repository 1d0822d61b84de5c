using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.Score;

/// <summary>Scores over HTTP equal those that transformers computes with the same weights.</summary>
public sealed class ScoreGoldenTests(TinyServer server) : IClassFixture<TinyServer>
{
    private const double Tolerance = 1e-3;

    public static TheoryData<string> Cases => [.. Golden().Select(one => (string)one["id"]!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_text_is_scored_as_by_transformers(string id)
    {
        JsonNode expected = Golden().Single(one => (string)one["id"]! == id);
        JsonNode answer = await server.Client.AskAsync(
            "/score",
            new { model = Path.GetFileNameWithoutExtension((string)expected["model"]!), text = (string)expected["text"]!, top_logprobs = 5 });

        JsonNode actual = Assert.Single(answer["texts"]!.AsArray())!;
        AssertEqual(expected, actual);
        JsonArray top = actual["top"]!.AsArray(), expectedTop = expected["top"]!.AsArray();
        Assert.Equal(expectedTop.Count, top.Count);
        foreach ((JsonNode? wanted, JsonNode? given) in expectedTop.Zip(top))
        {
            // Neighbours that are nearly as likely may stand in either order; their values are the same.
            double[] values = [.. wanted![1]!.AsArray().Select(one => (double)one!)];
            Assert.Equal(values, given!.AsArray().Select(one => (double)one!["logprob"]!), (left, right) => Math.Abs(left - right) < Tolerance);
            Dictionary<int, double> byId = wanted[0]!.AsArray().Select(one => (int)one!).Zip(values).ToDictionary();
            Assert.All(given.AsArray(), one => Assert.Equal(byId[(int)one!["id"]!], (double)one["logprob"]!, Tolerance));
        }
    }

    [Fact]
    public void Every_case_is_tested() => Assert.Equal(19, Cases.Count);

    [Theory]
    [InlineData("tiny-llama")]
    [InlineData("tiny-llama-spm")]
    [InlineData("tiny-stablelm")]
    public async Task Texts_of_one_request_are_scored_as_if_each_were_alone(string model)
    {
        JsonNode[] expected = [.. Golden().Where(one => (string)one["model"]! == model + ".gguf")];
        JsonNode answer = await server.Client.AskAsync("/score", new { model, text = expected.Select(one => (string)one["text"]!) });

        Assert.Equal(expected.Length, answer["texts"]!.AsArray().Count);
        Assert.All(expected.Zip(answer["texts"]!.AsArray()), pair => AssertEqual(pair.First, pair.Second!));
        Assert.All(answer["texts"]!.AsArray(), one => Assert.Null(one!["top"]));
        Assert.Equal(expected.Sum(one => one["ids"]!.AsArray().Count - 1), (int)answer["usage"]!["scored_tokens"]!);
    }

    private static void AssertEqual(JsonNode expected, JsonNode actual)
    {
        Assert.Equal(expected["ids"]!.ToJsonString(), actual["token_ids"]!.ToJsonString());
        Assert.Equal(expected["ids"]!.AsArray().Count, actual["tokens"]!.AsArray().Count);
        double?[] logProbs = [.. expected["token_logprobs"]!.AsArray().Select(one => (double?)one)];
        Assert.Equal(
            logProbs, actual["token_logprobs"]!.AsArray().Select(one => (double?)one),
            (left, right) => left is null ? right is null : Math.Abs(left.Value - right!.Value) < Tolerance);
        Assert.Equal((double)expected["nll"]!, (double)actual["nll"]!, Tolerance * logProbs.Length);
        Assert.Equal((double)expected["mean_nll"]!, (double)actual["mean_nll"]!, Tolerance);
        Assert.Equal(1, (double)actual["perplexity"]! / (double)expected["perplexity"]!, Tolerance);
    }

    private static JsonNode[] Golden()
    {
        using JsonDocument golden = RepositoryFiles.Golden("scoring");
        return [.. JsonNode.Parse(golden.RootElement.GetProperty("cases").GetRawText())!.AsArray().Select(one => one!)];
    }
}
