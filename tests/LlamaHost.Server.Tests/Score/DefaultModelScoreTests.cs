using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.Score;

/// <summary>
/// The quantised default model against transformers on the dequantised weights. The bounds are those that the golden data's README measured for
/// llama.cpp as it is: activations are quantised too.
/// </summary>
[Collection<ExactDefaultServerCollection>]
public sealed class DefaultModelScoreTests(ExactDefaultServer server)
{
    private const double LargestOfMeans = 0.14, LargestOfTokens = 1.9;

    [Fact]
    public async Task Scores_are_near_those_of_the_weights_before_quantisation()
    {
        using JsonDocument golden = RepositoryFiles.Golden("smollm2");
        JsonElement[] cases = [.. golden.RootElement.GetProperty("scoring").EnumerateArray()];
        JsonNode answer = await server.Client.AskAsync("/score", new { text = cases.Select(one => one.GetProperty("text").GetString()) });

        Assert.Equal(6, cases.Length);
        foreach ((JsonElement expected, JsonNode? actual) in cases.Zip(answer["texts"]!.AsArray()))
        {
            Assert.Equal(
                expected.GetProperty("ids").EnumerateArray().Select(one => one.GetInt32()), actual!["token_ids"]!.AsArray().Select(one => (int)one!));
            Assert.Equal(expected.GetProperty("mean_nll").GetDouble(), (double)actual["mean_nll"]!, LargestOfMeans);
            foreach ((JsonElement wanted, JsonNode? given) in expected.GetProperty("token_logprobs").EnumerateArray()
                .Zip(actual["token_logprobs"]!.AsArray()).Skip(1))
                Assert.Equal(wanted.GetDouble(), (double)given!, LargestOfTokens);
        }
    }
}
