using System.Text;
using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi;

/// <summary>Conversations with the bundled model.</summary>
[Collection<DefaultServerCollection>]
public sealed class ChatTests(DefaultServer server)
{
    private const string Question = """{"role": "user", "content": "Write one sentence about the sea."}""";

    [Fact]
    public async Task The_answer_has_OpenAI_s_shape()
    {
        JsonNode answer = await server.Client.AskAsync(ChatStream.Path, Body("\"temperature\": 0, \"max_tokens\": 400").ToJsonString());

        Assert.StartsWith("chatcmpl-", (string?)answer["id"], StringComparison.Ordinal);
        Assert.Equal("chat.completion", (string?)answer["object"]);
        JsonObject choice = Assert.Single(answer["choices"]!.AsArray())!.AsObject();
        Assert.Equal(["index", "message", "logprobs", "finish_reason"], choice.Select(one => one.Key));
        Assert.Equal(["role", "content", "refusal"], choice["message"]!.AsObject().Select(one => one.Key));
        Assert.Contains("sea", (string?)choice["message"]!["content"], StringComparison.Ordinal);
        Assert.DoesNotContain("<|", (string?)choice["message"]!["content"], StringComparison.Ordinal);
        Assert.Equal("stop", (string?)choice["finish_reason"]);
    }

    [Fact]
    public async Task The_usage_of_a_stream_comes_last_and_without_choices_if_it_is_asked_for()
    {
        JsonNode[] without = await server.Client.ChunksAsync(Body("\"max_tokens\": 2"));
        JsonNode[] with = await server.Client.ChunksAsync(Body("\"max_tokens\": 2, \"stream_options\": {\"include_usage\": true}"));

        Assert.All(without, chunk => Assert.Null(chunk["usage"]));
        Assert.Empty(with[^1]["choices"]!.AsArray());
        Assert.Equal(2, (int)with[^1]["usage"]!["completion_tokens"]!);
    }

    [Fact]
    public async Task An_assistant_s_last_message_is_continued()
    {
        string messages = $$"""[{{Question}}, {"role": "assistant", "content": "The capital of France is the city of"}]""";
        JsonNode answer = await server.Client.AskAsync(
            ChatStream.Path, $$"""{"messages": {{messages}}, "temperature": 0, "max_tokens": 4, "stop": "."}""");
        JsonNode prompt = await server.Client.AskAsync("/apply-template", $$"""{"messages": {{messages}}, "continue_final_message": true}""");

        Assert.StartsWith(" Paris", answer.Results()[0].Content, StringComparison.Ordinal);
        Assert.EndsWith("the city of", (string?)prompt["prompt"], StringComparison.Ordinal);
        Assert.Equal(prompt["token_ids"]!.AsArray().Count, (int)answer["usage"]!["prompt_tokens"]!);
    }

    [Fact]
    public async Task Text_parts_and_explicit_nulls_say_the_same_as_a_plain_text()
    {
        JsonNode plain = await server.Client.AskAsync(ChatStream.Path, Body("\"temperature\": 0, \"max_tokens\": 4").ToJsonString());
        JsonNode parts = await server.Client.AskAsync(
            ChatStream.Path,
            """
            {"messages": [{"role": "user", "name": null, "content": [{"type": "text", "text": "Write one sentence about the sea."}]}],
             "temperature": 0, "max_tokens": null, "max_completion_tokens": 4, "tools": null, "tool_choice": null, "response_format": null,
             "logprobs": null, "new": 1}
            """);

        Assert.Equal(plain.Results(), parts.Results());
        Assert.Equal((int)plain["usage"]!["prompt_tokens"]!, (int)parts["usage"]!["prompt_tokens"]!);
    }

    [Fact]
    public async Task Log_probabilities_come_for_each_token_with_its_bytes()
    {
        JsonNode answer = await server.Client.AskAsync(
            ChatStream.Path, Body("\"temperature\": 0, \"max_tokens\": 24, \"logprobs\": true, \"top_logprobs\": 3").ToJsonString());
        JsonArray tokens = answer["choices"]![0]!["logprobs"]!["content"]!.AsArray();

        byte[] bytes = [.. tokens.SelectMany(token => token!["bytes"]!.AsArray().Select(one => (byte)(int)one!))];
        Assert.Equal(answer.Results()[0].Content, Encoding.UTF8.GetString(bytes));
        Assert.All(tokens, token =>
        {
            JsonArray top = token!["top_logprobs"]!.AsArray();
            Assert.Equal(3, top.Count);
            // The most likely token is taken.
            Assert.Equal((string?)token["token"], (string?)top[0]!["token"]);
            Assert.Equal((float)token["logprob"]!, (float)top[0]!["logprob"]!);
            Assert.True((float)top[0]!["logprob"]! >= (float)top[1]!["logprob"]! && (float)token["logprob"]! <= 0);
        });
    }

    private static JsonObject Body(string settings) => JsonNode.Parse($$"""{"messages": [{{Question}}], {{settings}}}""")!.AsObject();
}
