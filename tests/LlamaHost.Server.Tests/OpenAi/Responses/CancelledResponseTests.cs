using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi.Responses;

/// <summary>Responses that end early, of a model that takes long enough.</summary>
[Collection<DefaultServerCollection>]
public sealed class CancelledResponseTests(DefaultServer server)
{
    [Fact]
    public async Task A_response_that_is_being_made_can_be_read_and_cancelled()
    {
        List<JsonNode> events = [];
        string id = "";
        JsonNode? cancelled = null;
        await foreach (JsonNode one in server.Client.StreamResponseAsync("""{"input": "Hi", "ignore_eos": true, "max_output_tokens": 4000}"""))
        {
            events.Add(one);
            if (events.Count != 6)
                continue;
            id = (string)events[0]["response"]!["id"]!;
            JsonNode running = await server.Client.GetJsonAsync($"{ResponseCalls.Path}/{id}");
            Assert.Equal("in_progress", (string?)running["status"]);
            cancelled = await server.Client.AskAsync($"{ResponseCalls.Path}/{id}/cancel", "");
        }
        JsonNode final = EventFold.Fold(events);

        Assert.Equal("cancelled", (string?)final["status"]);
        Assert.NotEmpty(final.OutputText());
        Assert.True(JsonNode.DeepEquals(final, cancelled));
        Assert.True(JsonNode.DeepEquals(final, await server.Client.GetJsonAsync($"{ResponseCalls.Path}/{id}")));
    }

    [Fact]
    public async Task A_stream_that_outlasts_the_shutdown_ends_with_a_failed_response()
    {
        await using LocalServer own = await LocalServer.StartAsync("--LlamaHost:Threads=1", "--Server:DrainTimeout=00:00:00.2");
        await own.Client.WaitUntilReadyAsync();
        List<JsonNode> events = [];
        Task stopping = Task.CompletedTask;
        await foreach (JsonNode one in own.Client.StreamResponseAsync("""{"input": "Hi", "ignore_eos": true, "max_output_tokens": 4000}"""))
        {
            events.Add(one);
            if (events.Count == 6)
                stopping = own.StopAsync();
        }
        await stopping;
        JsonNode failed = EventFold.Fold(events);

        Assert.Equal(("failed", "server_error"), ((string?)failed["status"], (string?)failed["error"]!["code"]));
        Assert.Equal("incomplete", (string?)failed.Items("message")[0]["status"]);
        Assert.NotEmpty(failed.OutputText());
    }
}
