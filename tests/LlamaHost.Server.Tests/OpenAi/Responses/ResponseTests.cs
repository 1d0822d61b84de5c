using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi.Responses;

public sealed class ResponseTests(TinyServer server) : IClassFixture<TinyServer>
{
    [Fact]
    public async Task A_response_has_OpenAI_s_shape_and_says_what_was_asked_for()
    {
        JsonNode response = await server.Client.RespondAsync(
            """
            {"input": "Hi", "instructions": "Be brief.", "max_output_tokens": 4, "temperature": 0.5, "top_p": 0.9, "user": "me",
             "metadata": {"a": "b"}, "reasoning": {"effort": "low"}, "text": {"verbosity": "low"}, "prompt_cache_key": "k", "max_tool_calls": 2,
             "tools": [{"type": "function", "name": "f"}], "tool_choice": "none", "parallel_tool_calls": false, "truncation": "auto"}
            """);

        Assert.Equal(
            [
                "id", "object", "created_at", "completed_at", "status", "background", "error", "incomplete_details", "instructions",
                "max_output_tokens", "max_tool_calls", "model", "output", "parallel_tool_calls", "previous_response_id", "prompt_cache_key",
                "reasoning", "safety_identifier", "service_tier", "store", "temperature", "text", "tool_choice", "tools", "top_logprobs", "top_p",
                "truncation", "usage", "user", "metadata",
            ],
            response.AsObject().Select(one => one.Key));
        Assert.StartsWith("resp_", (string?)response["id"], StringComparison.Ordinal);
        Assert.Equal(("incomplete", "max_output_tokens"), ((string?)response["status"], (string?)response["incomplete_details"]!["reason"]));
        Assert.Equal(
            """{"type":"function","name":"f","description":null,"parameters":null,"strict":null}""", response["tools"]![0]!.ToJsonString());
        Assert.Equal("""{"format":{"type":"text"},"verbosity":"low"}""", response["text"]!.ToJsonString());
        Assert.Equal("""{"effort":"low","summary":null}""", response["reasoning"]!.ToJsonString());
        Assert.Equal(("tiny-llama", "none", "auto", "b"), (
            (string?)response["model"], (string?)response["tool_choice"], (string?)response["truncation"], (string?)response["metadata"]!["a"]));
        Assert.Equal((0.5f, 0.9f, 4, 2), (
            (float)response["temperature"]!, (float)response["top_p"]!, (int)response["max_output_tokens"]!, (int)response["max_tool_calls"]!));
        JsonNode message = Assert.Single(response["output"]!.AsArray())!;
        Assert.Equal(["type", "id", "role", "content", "status"], message.AsObject().Select(one => one.Key));
        Assert.StartsWith("msg_", (string?)message["id"], StringComparison.Ordinal);
        Assert.Equal(["type", "annotations", "logprobs", "text"], message["content"]![0]!.AsObject().Select(one => one.Key));
        JsonNode usage = response["usage"]!;
        Assert.Equal((4, 0), ((int)usage["output_tokens"]!, (int)usage["output_tokens_details"]!["reasoning_tokens"]!));
        Assert.Equal((int)usage["input_tokens"]! + 4, (int)usage["total_tokens"]!);
    }

    [Fact]
    public async Task Items_make_the_same_prompt_as_messages_of_a_chat()
    {
        JsonNode response = await server.Client.RespondAsync(
            """
            {"instructions": "Be brief.", "input": [
              {"role": "user", "content": [{"type": "input_text", "text": "Hi"}]},
              {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "x"}], "encrypted_content": "x"},
              {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Let me see.", "annotations": []}]},
              {"type": "function_call", "call_id": "a", "name": "f", "arguments": "{\"a\": 1}"},
              {"type": "function_call", "id": "fc_1", "call_id": "b", "name": "g", "arguments": "{}", "status": "completed"},
              {"type": "function_call_output", "call_id": "a", "output": "1"},
              {"type": "function_call_output", "call_id": "b", "output": [{"type": "input_text", "text": "2"}]},
              {"role": "developer", "content": "Go on."}],
             "temperature": 0, "max_output_tokens": 6}
            """);
        JsonNode chat = await server.Client.AskAsync(
            ChatStream.Path,
            """
            {"messages": [
              {"role": "system", "content": "Be brief."},
              {"role": "user", "content": "Hi"},
              {"role": "assistant", "content": "Let me see.", "tool_calls": [
                {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{\"a\": 1}"}},
                {"id": "b", "type": "function", "function": {"name": "g", "arguments": "{}"}}]},
              {"role": "tool", "tool_call_id": "a", "content": "1"},
              {"role": "tool", "tool_call_id": "b", "content": "2"},
              {"role": "developer", "content": "Go on."}],
             "temperature": 0, "max_tokens": 6}
            """);

        Assert.Equal((int)chat["usage"]!["prompt_tokens"]!, (int)response["usage"]!["input_tokens"]!);
        Assert.Equal(chat.Results()[0].Content, response.OutputText());
    }

    [Fact]
    public async Task An_assistant_s_message_that_was_cut_is_continued_and_a_whole_one_answered()
    {
        const string settings = """ "temperature": 0, "max_output_tokens": 6 """;
        string Items(string status) =>
            $$"""[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Once upon a", "status": "{{status}}"}]""";
        JsonNode cut = await server.Client.RespondAsync($$"""{"input": {{Items("incomplete")}}, {{settings}}}""");
        JsonNode whole = await server.Client.RespondAsync($$"""{"input": {{Items("completed")}}, {{settings}}}""");
        JsonNode forced = await server.Client.RespondAsync($$"""{"input": {{Items("completed")}}, "continue_final_message": true, {{settings}} }""");

        Assert.Equal(cut.OutputText(), forced.OutputText());
        Assert.Equal((int)cut["usage"]!["input_tokens"]!, (int)forced["usage"]!["input_tokens"]!);
        Assert.True((int)whole["usage"]!["input_tokens"]! > (int)cut["usage"]!["input_tokens"]!);
    }

    [Theory]
    [InlineData("""{"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "g"}]}""")]
    [InlineData("""{"type": "function", "name": "g"}""")]
    public async Task Only_allowed_tools_are_called(string choice)
    {
        JsonNode response = await server.Client.RespondAsync(
            $$$"""
            {"input": "Hi", "seed": 2, "max_output_tokens": 200, "tool_choice": {{{choice}}}, "parallel_tool_calls": false, "tools": [
              {"type": "function", "name": "f"},
              {"type": "function", "name": "g", "parameters": {"type": "object", "properties": {"a": {"enum": [1, 2]}}, "required": ["a"],
               "additionalProperties": false}}]}
            """);

        JsonNode call = Assert.Single(response["output"]!.AsArray())!;
        Assert.Equal(("function_call", "g", "completed"), ((string?)call["type"], (string?)call["name"], (string?)call["status"]));
        Assert.Contains((int)JsonNode.Parse((string)call["arguments"]!)!["a"]!, (int[])[1, 2]);
        Assert.StartsWith("fc_", (string?)call["id"], StringComparison.Ordinal);
        Assert.StartsWith("call_", (string?)call["call_id"], StringComparison.Ordinal);
        Assert.Equal(JsonNode.Parse(choice)!.ToJsonString(), response["tool_choice"]!.ToJsonString());
    }

    [Fact]
    public async Task Where_only_some_tools_are_allowed_and_none_is_demanded_the_model_learns_of_these_alone()
    {
        const string settings = """ "input": "Hi", "max_output_tokens": 1 """;
        const string f = """{"type": "function", "name": "f"}""", g = """{"type": "function", "name": "g", "description": "A long description."}""";
        JsonNode some = await server.Client.RespondAsync(
            $$"""{ {{settings}}, "tools": [{{f}}, {{g}}], "tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": [{{f}}]} }""");
        JsonNode one = await server.Client.RespondAsync($$"""{ {{settings}}, "tools": [{{f}}]}""");

        Assert.Equal((int)one["usage"]!["input_tokens"]!, (int)some["usage"]!["input_tokens"]!);
    }
}
