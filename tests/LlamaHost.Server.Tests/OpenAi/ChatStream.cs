using System.Text;
using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi;

/// <summary>Calls of the chat route, and streams put together as clients do.</summary>
internal static class ChatStream
{
    public const string Path = "/v1/chat/completions";

    /// <summary>The chunks of a stream, which must end with <c>[DONE]</c>.</summary>
    public static async Task<JsonNode[]> ChunksAsync(this GenerateClient client, JsonObject body)
    {
        JsonObject streamed = body.DeepClone().AsObject();
        streamed["stream"] = true;
        using HttpResponseMessage response = await client.PostToAsync(Path, streamed.ToJsonString());
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        string[] data =
            [.. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(one => one.StartsWith("data: ", StringComparison.Ordinal))];
        Assert.Equal("data: [DONE]", data[^1]);
        return [.. data[..^1].Select(one => JsonNode.Parse(one["data: ".Length..])!)];
    }

    /// <summary>Messages and reasons of all choices, put together from chunks.</summary>
    public static ChatResult[] Assemble(this IEnumerable<JsonNode> chunks)
    {
        SortedDictionary<int, Assembly> choices = [];
        foreach (JsonNode choice in chunks.SelectMany(chunk => chunk["choices"]!.AsArray()).Select(choice => choice!))
        {
            int index = (int)choice["index"]!;
            if (!choices.TryGetValue(index, out Assembly? assembly))
                choices[index] = assembly = new Assembly();
            assembly.Add(choice);
        }
        return [.. choices.Values.Select(assembly => assembly.ToResult())];
    }

    /// <summary>Messages and reasons of all choices of a whole answer.</summary>
    public static ChatResult[] Results(this JsonNode answer) =>
    [
        .. answer["choices"]!.AsArray().Select(choice => new ChatResult(
            (string?)choice!["message"]!["content"] ?? "", (string?)choice["message"]!["reasoning_content"] ?? "",
            string.Join('\n', (choice["message"]!["tool_calls"]?.AsArray() ?? []).Select(
                call => $"{call!["function"]!["name"]}{call["function"]!["arguments"]}")),
            (string)choice["finish_reason"]!, choice["logprobs"]?["content"]?.ToJsonString() ?? "")),
    ];

    private sealed class Assembly
    {
        private readonly StringBuilder _content = new();
        private readonly StringBuilder _reasoning = new();
        private readonly List<string> _calls = [];
        private readonly JsonArray _logprobs = [];
        private string? _reason;

        public void Add(JsonNode choice)
        {
            Assert.Null(_reason);
            JsonNode delta = choice["delta"]!;
            _content.Append((string?)delta["content"]);
            _reasoning.Append((string?)delta["reasoning_content"]);
            foreach (JsonNode call in (delta["tool_calls"]?.AsArray() ?? []).Select(one => one!))
            {
                int index = (int)call["index"]!;
                if (index == _calls.Count)
                {
                    Assert.NotEmpty((string)call["id"]!);
                    Assert.Equal("function", (string?)call["type"]);
                    _calls.Add((string)call["function"]!["name"]!);
                }
                _calls[index] += (string)call["function"]!["arguments"]!;
            }
            foreach (JsonNode? one in choice["logprobs"]?["content"]?.AsArray() ?? [])
                _logprobs.Add(one!.DeepClone());
            _reason = (string?)choice["finish_reason"];
        }

        public ChatResult ToResult() => new(
            _content.ToString(), _reasoning.ToString(), string.Join('\n', _calls), _reason!, _logprobs.Count == 0 ? "" : _logprobs.ToJsonString());
    }
}

/// <summary>What one choice came to.</summary>
internal sealed record ChatResult(string Content, string Reasoning, string Calls, string FinishReason, string Logprobs);
