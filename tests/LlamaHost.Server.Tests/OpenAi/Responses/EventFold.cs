using System.Text.Json.Nodes;

namespace LlamaHost.Server.Tests.OpenAi.Responses;

/// <summary>
/// Puts a response together from its events as a strict client does, and asserts on the way what clients rely on: numbers without gaps, indices that
/// fit, parts and items that are what their pieces come to, and nothing that is begun and not ended.
/// </summary>
internal sealed class EventFold
{
    private readonly JsonArray _output = [];
    private readonly HashSet<int> _open = [];
    private int _next;
    private string? _id;
    private JsonNode? _final;

    /// <summary>The response that the last event has, which is what the events come to.</summary>
    public static JsonNode Fold(IEnumerable<JsonNode> events)
    {
        var fold = new EventFold();
        foreach (JsonNode one in events)
            fold.Add(one);
        Assert.Empty(fold._open);
        return fold._final ?? throw new InvalidOperationException("The stream has no end.");
    }

    private void Add(JsonNode one)
    {
        Assert.Null(_final);
        Assert.Equal(_next, (int)one["sequence_number"]!);
        string type = (string)one["type"]!;
        Assert.Equal(_next switch { 0 => "response.created", 1 => "response.in_progress", _ => type }, type);
        _next++;
        switch (type)
        {
            case "response.created" or "response.in_progress":
                Assert.Equal("in_progress", (string?)one["response"]!["status"]);
                Assert.Empty(one["response"]!["output"]!.AsArray());
                _id ??= (string)one["response"]!["id"]!;
                break;
            case "response.output_item.added":
                Assert.Equal(_output.Count, (int)one["output_index"]!);
                Assert.Equal("in_progress", (string?)one["item"]!["status"]);
                Assert.True(_open.Add(_output.Count));
                _output.Add(one["item"]!.DeepClone());
                break;
            case "response.content_part.added":
                JsonArray content = ItemOf(one)["content"]!.AsArray();
                Assert.Equal(content.Count, (int)one["content_index"]!);
                Assert.Equal("", (string?)one["part"]!["text"]);
                content.Add(one["part"]!.DeepClone());
                break;
            case "response.output_text.delta" or "response.reasoning_text.delta":
                Append(PartOf(one), "text", one);
                foreach (JsonNode? logprob in one["logprobs"]?.AsArray() ?? [])
                    PartOf(one)["logprobs"]!.AsArray().Add(logprob!.DeepClone());
                break;
            case "response.function_call_arguments.delta":
                Append(ItemOf(one), "arguments", one);
                break;
            case "response.output_text.done" or "response.reasoning_text.done":
                Assert.Equal((string?)PartOf(one)["text"], (string?)one["text"]);
                AssertSame(PartOf(one)["logprobs"], one["logprobs"]);
                break;
            case "response.function_call_arguments.done":
                Assert.Equal((string?)ItemOf(one)["arguments"], (string?)one["arguments"]);
                Assert.Equal((string?)ItemOf(one)["name"], (string?)one["name"]);
                break;
            case "response.content_part.done":
                AssertSame(PartOf(one), one["part"]);
                break;
            case "response.output_item.done":
                int index = (int)one["output_index"]!;
                Assert.True(_open.Remove(index));
                Assert.Contains((string)one["item"]!["status"]!, (string[])["completed", "incomplete"]);
                _output[index]!["status"] = (string)one["item"]!["status"]!;
                AssertSame(_output[index], one["item"]);
                break;
            case "response.completed" or "response.incomplete" or "response.failed":
                _final = one["response"]!;
                string status = (string)_final["status"]!;
                Assert.Equal(status == "cancelled" ? "response.incomplete" : $"response.{status}", type);
                Assert.Equal(_id, (string?)_final["id"]);
                AssertSame(_output, _final["output"]);
                break;
            default:
                Assert.Fail($"There is no event {type}.");
                break;
        }
    }

    private JsonNode ItemOf(JsonNode one)
    {
        int index = (int)one["output_index"]!;
        Assert.Contains(index, _open);
        Assert.Equal((string?)_output[index]!["id"], (string?)one["item_id"]);
        return _output[index]!;
    }

    private JsonNode PartOf(JsonNode one) => ItemOf(one)["content"]![(int)one["content_index"]!]!;

    private static void Append(JsonNode to, string field, JsonNode one)
    {
        Assert.NotEqual("", (string?)one["delta"]);
        to[field] = (string)to[field]! + (string)one["delta"]!;
    }

    private static void AssertSame(JsonNode? expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"Expected: {expected?.ToJsonString()}\nActual: {actual?.ToJsonString()}");
}
