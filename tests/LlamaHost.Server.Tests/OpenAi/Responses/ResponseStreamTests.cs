using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi.Responses;

/// <summary>
/// Streams against whole responses, with a model of unquantised weights, whose answers don't depend on where in the cache its tokens lie.
/// </summary>
public sealed class ResponseStreamTests(TinyServer server) : IClassFixture<TinyServer>
{
    private const string Tools =
        """
        "tools": [{"type": "function", "name": "f", "parameters": {"type": "object", "properties": {"a": {"enum": [1, 2]}}, "required": ["a"],
          "additionalProperties": false}}, {"type": "function", "name": "g"}]
        """;

    [Theory]
    [InlineData("\"temperature\": 0, \"max_output_tokens\": 12")]
    [InlineData("\"temperature\": 0, \"max_output_tokens\": 24, \"stop\": [\"e\"]")]
    [InlineData("\"seed\": 4, \"max_output_tokens\": 8, \"include\": [\"message.output_text.logprobs\"], \"top_logprobs\": 2")]
    [InlineData("\"seed\": 4, \"max_output_tokens\": 40, \"text\": {\"format\": {\"type\": \"json_object\"}}")]
    [InlineData("\"seed\": 4, \"max_output_tokens\": 100, \"tool_choice\": \"required\", " + Tools)]
    [InlineData("\"seed\": 4, \"max_output_tokens\": 100, \"tool_choice\": {\"type\": \"function\", \"name\": \"g\"}, " + Tools)]
    public async Task The_events_of_a_stream_come_to_the_same_as_the_whole_response(string settings)
    {
        JsonNode whole = await server.Client.RespondAsync(Body(settings));
        JsonNode folded = EventFold.Fold(await server.Client.EventsAsync(Body(settings)));

        Assert.True(JsonNode.DeepEquals(Comparable(whole), Comparable(folded)), $"{whole}\n{folded}");
    }

    [Fact]
    public async Task A_stream_says_nothing_that_is_no_event_of_the_API()
    {
        using HttpResponseMessage response = await server.Client.PostToAsync(
            ResponseCalls.Path, Body("\"max_output_tokens\": 2, \"stream\": true"));
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("event: response.created\ndata: {\"type\":\"response.created\",\"sequence_number\":0,", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nid:", text, StringComparison.Ordinal);
    }

    private static string Body(string settings) => $$"""{"input": "Write one sentence about the sea.", {{settings}}}""";

    // Ids, times and what was cached are each response's own.
    private static JsonNode Comparable(JsonNode response)
    {
        JsonNode copy = response.DeepClone();
        foreach (string own in (string[])["id", "created_at", "completed_at"])
            copy.AsObject().Remove(own);
        copy["usage"]!.AsObject().Remove("input_tokens_details");
        foreach (JsonNode? item in copy["output"]!.AsArray())
        {
            item!.AsObject().Remove("id");
            item.AsObject().Remove("call_id");
            foreach (JsonNode? part in item["content"]?.AsArray() ?? [])
                part!["logprobs"] = part["logprobs"]!.AsArray().Count;
        }
        return copy;
    }
}
