using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi;

/// <summary>Structured output and tool calls of the bundled model, at a temperature at which it talks nonsense.</summary>
[Collection<DefaultServerCollection>]
public sealed class ChatStructureTests(DefaultServer server)
{
    private const string Person =
        """
        {"type": "object", "properties": {"name": {"type": "string", "maxLength": 12}, "age": {"type": "integer", "minimum": 0, "maximum": 150},
         "tags": {"type": "array", "items": {"enum": ["a", "b"]}, "maxItems": 3}}, "required": ["name", "age", "tags"], "additionalProperties": false}
        """;

    private const string Tools =
        $$$"""
        [{"type": "function", "function": {"name": "save_person", "description": "Saves a person.", "parameters": {{{Person}}}}},
         {"type": "function", "function": {"name": "now"}}]
        """;

    [Fact]
    public async Task Text_follows_the_schema_of_the_response_format()
    {
        JsonNode answer = await AskAsync(
            $$$"""
            "n": 4, "seed": 3, "max_tokens": 120,
            "response_format": {"type": "json_schema", "json_schema": {"name": "p", "strict": true, "schema": {{{Person}}}}}
            """);

        Assert.All(answer.Results(), choice =>
        {
            Assert.Equal("stop", choice.FinishReason);
            AssertValid(choice.Content, Person);
        });
    }

    [Fact]
    public async Task A_JSON_object_is_one_unless_it_is_cut()
    {
        JsonNode answer = await AskAsync("\"n\": 4, \"seed\": 5, \"max_tokens\": 60, \"response_format\": {\"type\": \"json_object\"}");

        Assert.All(answer.Results(), choice =>
        {
            Assert.StartsWith("{", choice.Content.TrimStart(), StringComparison.Ordinal);
            if (choice.FinishReason != "length")
                Assert.Equal(JsonValueKind.Object, JsonElement.Parse(choice.Content).ValueKind);
        });
    }

    [Theory]
    [InlineData("\"required\"", true)]
    [InlineData("\"required\"", false)]
    [InlineData("{\"type\": \"function\", \"function\": {\"name\": \"save_person\"}}", true)]
    public async Task Calls_that_are_demanded_come_with_valid_arguments(string choice, bool isParallel)
    {
        string settings =
            $$"""
            "n": 4, "seed": 8, "max_tokens": 300, "tools": {{Tools}}, "tool_choice": {{choice}},
            "parallel_tool_calls": {{(isParallel ? "true" : "false")}}
            """;
        JsonNode answer = await AskAsync(settings);
        JsonNode[] chunks = await server.Client.ChunksAsync(Body(settings));

        foreach (JsonNode one in answer["choices"]!.AsArray().Select(one => one!))
        {
            Assert.Null(one["message"]!["content"]);
            JsonArray calls = one["message"]!["tool_calls"]!.AsArray();
            Assert.NotEmpty(calls);
            Assert.True(isParallel || calls.Count == 1);
            bool isCut = (string?)one["finish_reason"] == "length";
            Assert.Equal(isCut ? "length" : "tool_calls", (string?)one["finish_reason"]);
            foreach (JsonNode call in calls.Take(isCut ? calls.Count - 1 : calls.Count).Select(call => call!))
            {
                string name = (string)call["function"]!["name"]!;
                Assert.Contains(name, choice.Contains(':', StringComparison.Ordinal) ? ["save_person"] : (string[])["save_person", "now"]);
                AssertValid((string)call["function"]!["arguments"]!, name == "now" ? """{"type": "object"}""" : Person);
            }
            Assert.Equal(calls.Count, calls.Select(call => (string?)call!["id"]).Distinct().Count());
        }
        Assert.Equal(answer["choices"]!.AsArray().Count, chunks.Assemble().Length);
        Assert.All(chunks.Assemble(), one => Assert.NotEmpty(one.Calls));
    }

    [Fact]
    public async Task With_a_response_format_and_tools_the_answer_is_JSON_or_a_call()
    {
        JsonNode answer = await AskAsync(
            $$$"""
            "n": 6, "seed": 1, "max_tokens": 150, "tools": {{{Tools}}},
            "response_format": {"type": "json_schema", "json_schema": {"name": "p", "schema": {{{Person}}}}}
            """);

        Assert.All(answer["choices"]!.AsArray(), choice =>
        {
            if ((string?)choice!["finish_reason"] == "stop")
                AssertValid((string)choice["message"]!["content"]!, Person);
            else if ((string?)choice["finish_reason"] == "tool_calls")
                Assert.NotEmpty(choice["message"]!["tool_calls"]!.AsArray());
        });
    }

    private Task<JsonNode> AskAsync(string settings) => server.Client.AskAsync(ChatStream.Path, Body(settings).ToJsonString());

    private static JsonObject Body(string settings) => JsonNode.Parse(
        $$"""{"messages": [{"role": "user", "content": "Tell me of a person."}], "temperature": 1.5, {{settings}}}""")!.AsObject();

    private static void AssertValid(string json, string schema) =>
        Assert.True(JsonSchema.FromText(schema).Evaluate(JsonElement.Parse(json)).IsValid, json);
}
