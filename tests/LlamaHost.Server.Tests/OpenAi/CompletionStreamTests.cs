using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi;

public sealed class CompletionStreamTests(TinyServer server) : IClassFixture<TinyServer>
{
    private const string Path = "/v1/completions";

    [Fact]
    public async Task Chunks_together_are_the_whole_answer_and_the_last_line_says_done()
    {
        object Body(bool stream) => new
        {
            prompt = new[] { "Once", "Twice upon" }, n = 2, max_tokens = 12, seed = 9, logprobs = 1, echo = true, stream,
        };
        JsonNode whole = await server.Client.AskAsync(Path, Body(false));
        JsonNode[] chunks = await ChunksAsync(Body(true));

        foreach (JsonNode? choice in whole["choices"]!.AsArray())
        {
            JsonNode[] own = [.. Choices(chunks).Where(one => (int)one["index"]! == (int)choice!["index"]!)];
            Assert.Equal((string?)choice!["text"], string.Concat(own.Select(one => (string?)one["text"])));
            Assert.Equal((string?)choice["finish_reason"], (string?)own[^1]["finish_reason"]);
            Assert.All(own[..^1], one => Assert.Null(one["finish_reason"]));
            foreach (string list in (string[])["tokens", "text_offset"])
            {
                Assert.Equal(
                    choice["logprobs"]![list]!.AsArray().Select(one => one!.ToJsonString()),
                    own.SelectMany(one => one["logprobs"]![list]!.AsArray()).Select(one => one!.ToJsonString()));
            }
        }
        Assert.Single(chunks.Select(chunk => (string?)chunk["id"]).Distinct());
        Assert.All(chunks, chunk => Assert.Equal("text_completion", (string?)chunk["object"]));
        Assert.All(chunks, chunk => Assert.Null(chunk["usage"]));
    }

    [Fact]
    public async Task A_usage_chunk_without_choices_comes_last_if_asked_for()
    {
        JsonNode[] chunks = await ChunksAsync(
            new { prompt = "Once", n = 2, max_tokens = 3, ignore_eos = true, stream = true, stream_options = new { include_usage = true } });

        Assert.Empty(chunks[^1]["choices"]!.AsArray());
        Assert.Equal(6, (int)chunks[^1]["usage"]!["completion_tokens"]!);
        Assert.All(chunks[..^1], chunk => Assert.Single(chunk["choices"]!.AsArray()));
    }

    [Fact]
    public async Task Echo_alone_streams_the_prompt()
    {
        JsonNode[] chunks = await ChunksAsync(
            new { prompt = "Once", max_tokens = 0, echo = true, logprobs = 1, stream = true, stream_options = new { include_usage = true } });

        Assert.Equal(["Once", ""], Choices(chunks).Select(one => (string?)one["text"]));
        Assert.Equal("length", (string?)Choices(chunks).Last()["finish_reason"]);
        Assert.Equal(0, (int)chunks[^1]["usage"]!["completion_tokens"]!);
    }

    [Fact]
    public async Task Errors_before_the_first_chunk_have_their_status()
    {
        JsonNode error = await server.Client.OpenAiErrorAsync(404, Path, new { model = "no-such-model", prompt = "a", stream = true });

        Assert.Equal("model_not_found", (string?)error["code"]);
    }

    [Fact]
    public async Task An_error_in_mid_stream_is_the_last_event_and_nothing_says_done()
    {
        object body = new { prompt = "a", n = 16, max_tokens = 500, ignore_eos = true, stream = true };
        await using LocalServer own = await LocalServer.StartTinyAsync("--Server:DrainTimeout=00:00:00");
        using HttpResponseMessage response = await own.Client.PostToAsync(Path, GenerateClient.Body(body), "text/event-stream");
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("data: ", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        Task stopped = own.StopAsync();
        string rest = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        await stopped;

        string last = rest.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
        JsonNode error = JsonNode.Parse(last["data: ".Length..])!["error"]!;
        Assert.Equal(("server_error", "shutting_down"), ((string?)error["type"], (string?)error["code"]));
    }

    private static IEnumerable<JsonNode> Choices(JsonNode[] chunks) => chunks.SelectMany(chunk => chunk["choices"]!.AsArray())!;

    private async Task<JsonNode[]> ChunksAsync(object body)
    {
        using HttpResponseMessage response = await server.Client.PostToAsync(Path, GenerateClient.Body(body));
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        string[] events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", events[^1]);
        return [.. events[..^1].Select(one => JsonNode.Parse(one["data: ".Length..])!)];
    }
}
