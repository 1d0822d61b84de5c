using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi;

/// <summary>
/// Streams against whole answers, with a model of unquantised weights: those of the bundled one may part at near-ties, where rounding depends on
/// where in the cache the tokens lie.
/// </summary>
public sealed class ChatStreamTests(TinyServer server) : IClassFixture<TinyServer>
{
    [Theory]
    [InlineData("\"temperature\": 0, \"max_tokens\": 12")]
    [InlineData("\"temperature\": 0, \"max_tokens\": 24, \"stop\": [\"e\"]")]
    [InlineData("\"temperature\": 1, \"seed\": 4, \"n\": 2, \"max_tokens\": 8, \"logprobs\": true, \"top_logprobs\": 2")]
    [InlineData("\"temperature\": 1, \"seed\": 4, \"max_tokens\": 40, \"response_format\": {\"type\": \"json_object\"}")]
    public async Task A_stream_comes_to_the_same_as_the_whole_answer(string settings)
    {
        JsonNode answer = await server.Client.AskAsync(ChatStream.Path, Body(settings).ToJsonString());
        JsonNode[] chunks = await server.Client.ChunksAsync(Body(settings));

        Assert.Equal(
            answer.Results().Select(one => (one.Content, one.FinishReason)), chunks.Assemble().Select(one => (one.Content, one.FinishReason)));
        Assert.Equal(answer.Results().Select(one => one.Logprobs.Length > 0), chunks.Assemble().Select(one => one.Logprobs.Length > 0));
        Assert.All(chunks.Take(answer["choices"]!.AsArray().Count), first =>
            Assert.Equal("assistant", (string?)first["choices"]![0]!["delta"]!["role"]));
        Assert.Single(chunks.Select(chunk => (string?)chunk["id"]).Distinct());
    }

    private static JsonObject Body(string settings) =>
        JsonNode.Parse($$"""{"messages": [{"role": "user", "content": "Write one sentence about the sea."}], {{settings}}}""")!.AsObject();
}
