using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi.Responses;

/// <summary>Calls of the responses routes.</summary>
internal static class ResponseCalls
{
    public const string Path = "/v1/responses";

    /// <summary>A response, whole.</summary>
    public static Task<JsonNode> RespondAsync(this GenerateClient client, string body) => client.AskAsync(Path, body);

    /// <summary>All events of a streamed response, whose names must be their types.</summary>
    public static async Task<JsonNode[]> EventsAsync(this GenerateClient client, string body)
    {
        List<JsonNode> events = [];
        await foreach (JsonNode one in client.StreamResponseAsync(body))
            events.Add(one);
        return [.. events];
    }

    /// <summary>The events of a streamed response while they come.</summary>
    public static async IAsyncEnumerable<JsonNode> StreamResponseAsync(this GenerateClient client, string body)
    {
        JsonObject streamed = JsonNode.Parse(body)!.AsObject();
        streamed["stream"] = true;
        using HttpResponseMessage response = await client.PostToAsync(Path, streamed.ToJsonString(), "text/event-stream");
        Assert.True(response.IsSuccessStatusCode, response.StatusCode.ToString());
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        await using Stream stream = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        SseParser<string> parser = SseParser.Create(stream, (_, data) => Encoding.UTF8.GetString(data));
        await foreach (SseItem<string> item in parser.EnumerateAsync(TestContext.Current.CancellationToken))
        {
            JsonNode data = JsonNode.Parse(item.Data)!;
            Assert.Equal(item.EventType, (string?)data["type"]);
            yield return data;
        }
    }

    /// <summary>What the model says, over all messages.</summary>
    public static string OutputText(this JsonNode response) => string.Concat(
        response["output"]!.AsArray().Where(item => (string?)item!["type"] == "message")
            .SelectMany(item => item!["content"]!.AsArray()).Select(part => (string?)part!["text"]));

    /// <summary>The items of a type.</summary>
    public static JsonNode[] Items(this JsonNode response, string type) =>
        [.. response["output"]!.AsArray().Where(item => (string?)item!["type"] == type).Select(item => item!)];
}
