using System.Globalization;
using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Generate;

public sealed class StreamTests(TinyServer server) : IClassFixture<TinyServer>
{
    // Seeds fixed, so that the three requests are the same; byte tokens and stops that are held back are among what comes.
    public static TheoryData<string> Bodies => new(
        """{"prompt": "Once upon a time", "max_new_tokens": 40, "seed": 1}""",
        """{"prompt": "Once upon a time", "max_new_tokens": 40, "return_full_text": false, "skip_special_tokens": false,"""
            + """ "details": true, "seed": 2}""",
        """{"prompt": ["Hello", "The quick brown fox", "1, 2, 3"], "num_return_sequences": 3, "max_length": 60, "seed": 5, "logprobs": 2}""",
        """{"prompt": "A", "num_return_sequences": 4, "max_new_tokens": 50, "seed": 6, "temperature": 1.5, "stop": ["e","""
            + """ "th", " a"], "details": true}""",
        """{"prompt": ["Hello", "1, 2, 3"], "num_beams": 4, "num_return_sequences": 3, "max_new_tokens": 20, "seed": 7, "details": true}""");

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Every_kind_of_answer_says_the_same(string body)
    {
        JsonNode answer = await server.Client.GenerateAsync(body);
        JsonNode[] lines = await server.Client.LinesAsync(body);
        (string Id, string Name, JsonNode Data)[] events =
            await server.Client.StreamAsync(body, TestContext.Current.CancellationToken).ToArrayAsync(TestContext.Current.CancellationToken);

        AssertStreamed(answer, lines);
        AssertStreamed(answer, [.. events.Select(one => one.Data)]);
        Assert.Equal(Enumerable.Range(1, events.Length).Select(id => id.ToString(CultureInfo.InvariantCulture)), events.Select(one => one.Id));
        Assert.Equal(events.Select(one => (string)one.Data["type"]!), events.Select(one => one.Name));
    }

    [Fact]
    public async Task Stream_true_alone_brings_server_sent_events()
    {
        using HttpResponseMessage response = await server.Client.PostAsync("""{"prompt": "a", "max_new_tokens": 2, "stream": true}""");

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith(
            ": admitted\n\nid: 1\nevent: token\ndata: {", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl?.NoCache);
    }

    [Fact]
    public async Task Stream_false_beats_the_header()
    {
        using HttpResponseMessage response = await server.Client.PostAsync(
            """{"prompt": "a", "max_new_tokens": 2, "stream": false}""", "text/event-stream");

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task The_first_byte_says_that_the_request_is_admitted_however_long_its_turn_takes_to_come()
    {
        await using LocalServer busy = await LocalServer.StartTinyAsync(
            "--LlamaHost:MaxSequences=1", "--LlamaHost:BatchTokens=16", "--Server:StreamHeartbeat=00:00:00.2");
        // All of its sequences go before the others.
        const string Work = """{"prompt": "1, 2, 3", "max_new_tokens": 400, "min_new_tokens": 400, "num_return_sequences": 16,"""
            + """ "seed": 1, "priority": -1, "stream": true}""";
        using HttpResponseMessage first = await busy.Client.PostAsync(Work, "text/event-stream");
        using HttpResponseMessage second = await busy.Client.PostAsync("""{"prompt": "Hello", "max_new_tokens": 2}""", "text/event-stream");
        // Lines of JSON have no comments; their headers say it.
        using HttpResponseMessage third = await busy.Client.PostAsync("""{"prompt": "Hello", "max_new_tokens": 2}""", "application/x-ndjson");
        await using Stream stream = await second.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(stream);

        List<string> lines = [];
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line && !line.StartsWith("id:", StringComparison.Ordinal))
            lines.Add(line);

        Assert.Equal([": admitted", "", ": still working", ""], lines[..4]);
    }

    private static void AssertStreamed(JsonNode answer, JsonNode[] events)
    {
        Assert.Equal("done", (string)events[^1]["type"]!);
        Assert.True(JsonNode.DeepEquals(answer["settings"], events[^1]["settings"]));
        Assert.True(JsonNode.DeepEquals(answer["prompt_token_ids"], events[^1]["prompt_token_ids"]));
        Assert.Equal((int)answer["usage"]!["generated_tokens"]!, events.Count(one => (string)one["type"]! == "token"));
        JsonArray sequences = answer["sequences"]!.AsArray();
        Assert.Equal(sequences.Count, events.Count(one => (string)one["type"]! == "sequence"));
        foreach (JsonNode? sequence in sequences)
        {
            JsonNode[] own = [.. events.Where(one => IsOf(one, sequence!))];
            JsonObject end = own[^1].DeepClone().AsObject();
            Assert.Equal("sequence", (string)end["type"]!);
            end.Remove("type");
            AssertSame(sequence, end);
            AssertTokens(sequence!, own[..^1]);
        }
    }

    private static void AssertTokens(JsonNode sequence, JsonNode[] tokens)
    {
        Assert.Equal((int)sequence["generated_tokens"]!, tokens.Length);
        Assert.EndsWith(string.Concat(tokens.Select(one => (string)one["text"]!)), (string)sequence["generated_text"]!, StringComparison.Ordinal);
        if (sequence["token_ids"] is JsonArray ids)
            Assert.Equal(ids.Select(id => (int)id!), tokens.Select(one => (int)one["id"]!));
        if (sequence["tokens"] is not JsonArray details)
            return;
        foreach ((JsonNode? detail, JsonNode token) in details.Zip(tokens))
        {
            JsonObject same = token.DeepClone().AsObject();
            foreach (string name in (string[])["type", "prompt_index", "index"])
                same.Remove(name);
            AssertSame(detail, same);
        }
    }

    // What is computed in batches of different shapes differs in the last digits of its log-probabilities.
    private static void AssertSame(JsonNode? expected, JsonNode? actual)
    {
        switch (expected)
        {
            case JsonObject fields:
                Assert.Equal(fields.Select(one => one.Key).Order(), actual!.AsObject().Select(one => one.Key).Order());
                foreach ((string name, JsonNode? value) in fields)
                {
                    if (name is "logprob" or "score")
                        Assert.Equal((float)value!, (float)actual[name]!, 1e-3);
                    else
                        AssertSame(value, actual[name]);
                }
                break;
            case JsonArray items:
                Assert.Equal(items.Count, actual!.AsArray().Count);
                foreach ((JsonNode? left, JsonNode? right) in items.Zip(actual.AsArray()))
                    AssertSame(left, right);
                break;
            default:
                Assert.True(JsonNode.DeepEquals(expected, actual), $"{expected}\n{actual}");
                break;
        }
    }

    private static bool IsOf(JsonNode one, JsonNode sequence) =>
        (int?)one["prompt_index"] == (int)sequence["prompt_index"]! && (int?)one["index"] == (int)sequence["index"]!;
}
