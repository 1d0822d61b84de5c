using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi;

public sealed class ChatErrorTests(TinyServer server) : IClassFixture<TinyServer>
{
    private const string Messages = """ "messages": [{"role": "user", "content": "Hi"}] """;

    private const string Tool = """ "tools": [{"type": "function", "function": {"name": "f"}}] """;

    [Theory]
    [InlineData("{}", "messages", "missing_required_parameter")]
    [InlineData("""{"messages": null}""", "messages", "invalid_type")]
    [InlineData("""{"messages": "Hi"}""", "messages", "invalid_type")]
    [InlineData("""{"messages": []}""", "messages", "invalid_value")]
    [InlineData("""{"messages": ["Hi"]}""", "messages[0]", "invalid_type")]
    [InlineData("""{"messages": [{"content": "Hi"}]}""", "messages[0].role", "missing_required_parameter")]
    [InlineData("""{"messages": [{"role": "me", "content": "Hi"}]}""", "messages[0].role", "invalid_value")]
    [InlineData("""{"messages": [{"role": 1, "content": "Hi"}]}""", "messages[0].role", "invalid_type")]
    [InlineData("""{"messages": [{"role": "user"}]}""", "messages[0].content", "missing_required_parameter")]
    [InlineData("""{"messages": [{"role": "user", "content": null}]}""", "messages[0].content", "missing_required_parameter")]
    [InlineData("""{"messages": [{"role": "user", "content": 5}]}""", "messages[0].content", "invalid_type")]
    [InlineData("""{"messages": [{"role": "user", "content": "a", "name": 5}]}""", "messages[0].name", "invalid_type")]
    [InlineData("""{"messages": [{"role": "user", "content": ["a"]}]}""", "messages[0].content[0]", "invalid_type")]
    [InlineData("""{"messages": [{"role": "user", "content": [{"type": "text"}]}]}""", "messages[0].content[0].text", "missing_required_parameter")]
    [InlineData("""{"messages": [{"role": "user", "content": [{"type": "x"}]}]}""", "messages[0].content[0].type", "invalid_value")]
    [InlineData(
        """{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}]}""", "messages[0].content[0]",
        "unsupported_parameter")]
    [InlineData("""{"messages": [{"role": "user", "content": [{"type": "input_audio"}]}]}""", "messages[0].content[0]", "unsupported_parameter")]
    [InlineData("""{"messages": [{"role": "user", "content": [{"type": "file"}]}]}""", "messages[0].content[0]", "unsupported_parameter")]
    [InlineData(
        """{"messages": [{"role": "assistant", "tool_calls": [{"id": "a"}]}]}""", "messages[0].tool_calls[0].function", "missing_required_parameter")]
    [InlineData(
        """{"messages": [{"role": "assistant", "tool_calls": [{"function": {"arguments": "{}"}}]}]}""", "messages[0].tool_calls[0].function.name",
        "missing_required_parameter")]
    [InlineData("{" + Messages + """, "temperature": 3}""", "temperature", "invalid_value")]
    [InlineData("{" + Messages + """, "n": 0}""", "n", "invalid_value")]
    [InlineData("{" + Messages + """, "max_tokens": 0}""", "max_tokens", "invalid_value")]
    [InlineData("{" + Messages + """, "max_completion_tokens": "5"}""", "max_completion_tokens", "invalid_type")]
    [InlineData("{" + Messages + """, "max_completion_tokens": 5, "max_tokens": 6}""", "max_tokens", "conflicting_fields")]
    [InlineData("{" + Messages + """, "max_tokens": 5000}""", "messages", "context_length_exceeded")]
    [InlineData("{" + Messages + """, "top_logprobs": 21, "logprobs": true}""", "top_logprobs", "invalid_value")]
    [InlineData("{" + Messages + """, "top_logprobs": 2}""", "top_logprobs", "conflicting_fields")]
    [InlineData("{" + Messages + """, "logprobs": 2}""", "logprobs", "invalid_type")]
    [InlineData("{" + Messages + """, "response_format": "json"}""", "response_format", "invalid_type")]
    [InlineData("{" + Messages + """, "response_format": {"type": "xml"}}""", "response_format.type", "invalid_value")]
    [InlineData("{" + Messages + """, "response_format": {"type": "json_schema"}}""", "response_format.json_schema", "missing_required_parameter")]
    [InlineData(
        "{" + Messages + """, "response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "array", "contains": {}}}}}""",
        "response_format", "invalid_grammar")]
    [InlineData("{" + Messages + """, "response_format": {"type": "json_object"}, "regex": "a"}""", "regex", "conflicting_fields")]
    [InlineData("{" + Messages + """, "tools": {}}""", "tools", "invalid_type")]
    [InlineData("{" + Messages + """, "tools": [{"type": "code_interpreter"}]}""", "tools[0].type", "unsupported_parameter")]
    [InlineData("{" + Messages + """, "tools": [{"type": "function"}]}""", "tools[0].function", "missing_required_parameter")]
    [InlineData("{" + Messages + """, "tools": [{"type": "function", "function": {"name": "a b"}}]}""", "tools[0].function.name", "invalid_value")]
    [InlineData(
        "{" + Messages + """, "tools": [{"type": "function", "function": {"name": "f", "parameters": []}}]}""", "tools[0].function.parameters",
        "invalid_type")]
    [InlineData(
        "{" + Messages + """, "tools": [{"type": "function", "function": {"name": "f"}}, {"type": "function", "function": {"name": "f"}}]}""",
        "tools", "invalid_value")]
    [InlineData(
        "{" + Messages + """, "tool_choice": "required", "tools": [{"type": "function", "function": {"name": "f", "parameters": {"not": {}}}}]}""",
        "tools[0].function.parameters", "invalid_grammar")]
    [InlineData(
        "{" + Messages + """, "tools": [{"type": "function", "function": {"name": "f", "strict": true, "parameters": {"not": {}}}}]}""",
        "tools[0].function.parameters", "invalid_grammar")]
    [InlineData("{" + Messages + """, "tool_choice": "required"}""", "tool_choice", "conflicting_fields")]
    [InlineData("{" + Messages + "," + Tool + """, "tool_choice": "always"}""", "tool_choice", "invalid_value")]
    [InlineData(
        "{" + Messages + "," + Tool + """, "tool_choice": {"type": "function", "function": {"name": "g"}}}""", "tool_choice", "conflicting_fields")]
    [InlineData("{" + Messages + "," + Tool + """, "tool_choice": {"type": "allowed_tools"}}""", "tool_choice.type", "unsupported_parameter")]
    [InlineData("{" + Messages + "," + Tool + """, "tool_choice": "required", "regex": "a"}""", "regex", "conflicting_fields")]
    [InlineData("{" + Messages + """, "parallel_tool_calls": 1}""", "parallel_tool_calls", "invalid_type")]
    [InlineData("{" + Messages + """, "continue_final_message": "yes"}""", "continue_final_message", "invalid_type")]
    [InlineData("{" + Messages + """, "chat_template_kwargs": []}""", "chat_template_kwargs", "invalid_type")]
    [InlineData("{" + Messages + """, "reasoning_effort": 5}""", "reasoning_effort", "invalid_type")]
    [InlineData("{" + Messages + """, "modalities": ["audio"]}""", "modalities", "invalid_value")]
    [InlineData("{" + Messages + """, "functions": []}""", "functions", "unsupported_parameter")]
    [InlineData("{" + Messages + """, "function_call": "auto"}""", "function_call", "unsupported_parameter")]
    [InlineData("{" + Messages + """, "audio": {}}""", "audio", "unsupported_parameter")]
    [InlineData("{" + Messages + """, "stream_options": {"include_usage": true}}""", "stream_options", "conflicting_fields")]
    [InlineData("{" + Messages + """, "logit_bias": {"1024": 1}}""", "logit_bias", "invalid_value")]
    [InlineData("{" + Messages + """, "model": "tiny-t5"}""", "model", "unsupported_by_model")]
    public async Task What_a_client_sent_wrong_is_a_400_with_its_field(string body, string param, string code)
    {
        JsonNode error = await server.Client.OpenAiErrorAsync(400, ChatStream.Path, body);

        Assert.Equal(("invalid_request_error", param, code), ((string?)error["type"], (string?)error["param"], (string?)error["code"]));
    }

    [Fact]
    public async Task An_unknown_model_is_a_404()
    {
        JsonNode error = await server.Client.OpenAiErrorAsync(404, ChatStream.Path, "{" + Messages + """, "model": "gpt-9"}""");

        Assert.Equal(("model", "model_not_found"), ((string?)error["param"], (string?)error["code"]));
    }

    [Fact]
    public async Task A_schema_that_can_not_be_enforced_is_refused_with_the_place()
    {
        JsonNode error = await server.Client.OpenAiErrorAsync(
            400, ChatStream.Path,
            "{" + Messages + """
            , "response_format": {"type": "json_schema",
               "json_schema": {"name": "x", "schema": {"properties": {"a": {"type": "array", "contains": {}}}}}}}
            """);

        Assert.Contains("/properties/a", (string?)error["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_limit_an_answer_takes_the_rest_of_the_context()
    {
        JsonNode answer = await server.Client.AskAsync(ChatStream.Path, "{" + Messages + """, "ignore_eos": true, "seed": 1}""");

        Assert.Equal("length", answer.Results()[0].FinishReason);
        Assert.Equal(512, (int)answer["usage"]!["total_tokens"]!);
    }

    [Fact]
    public async Task All_kinds_of_messages_are_understood()
    {
        JsonNode answer = await server.Client.AskAsync(
            ChatStream.Path,
            """
            {"messages": [
              {"role": "developer", "content": "Be brief."},
              {"role": "user", "name": "ann", "content": "Hi"},
              {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}], "refusal": null, "audio": null},
              {"role": "user", "content": ""},
              {"role": "assistant", "content": null,
               "tool_calls": [{"id": "a", "type": "function", "function": {"name": "f", "arguments": "{\"a\": 1}"}}]},
              {"role": "tool", "tool_call_id": "a", "content": [{"type": "text", "text": "1"}]},
              {"role": "assistant", "function_call": {"name": "f", "arguments": "not JSON"}},
              {"role": "function", "name": "f", "content": "2"}], "max_tokens": 2}
            """);

        Assert.Equal(2, (int)answer["usage"]!["completion_tokens"]!);
    }
}
