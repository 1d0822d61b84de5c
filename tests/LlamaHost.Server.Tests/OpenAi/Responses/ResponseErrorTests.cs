using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi.Responses;

public sealed class ResponseErrorTests(TinyServer server) : IClassFixture<TinyServer>
{
    private const string Tool = """ "input": "Hi", "tools": [{"type": "function", "name": "f"}] """;

    [Theory]
    [InlineData("", "input", "missing_required_parameter")]
    [InlineData("\"input\": null", "input", "missing_required_parameter")]
    [InlineData("\"input\": []", "input", "missing_required_parameter")]
    [InlineData("\"input\": 5", "input", "invalid_type")]
    [InlineData("\"input\": [5]", "input[0]", "invalid_type")]
    [InlineData("\"input\": [{}]", "input[0].type", "missing_required_parameter")]
    [InlineData("\"input\": [{\"type\": \"message\", \"content\": \"Hi\"}]", "input[0].role", "missing_required_parameter")]
    [InlineData("\"input\": [{\"role\": \"tool\", \"content\": \"Hi\"}]", "input[0].role", "invalid_value")]
    [InlineData("\"input\": [{\"role\": \"user\"}]", "input[0].content", "missing_required_parameter")]
    [InlineData("\"input\": [{\"role\": \"user\", \"content\": 5}]", "input[0].content", "invalid_type")]
    [InlineData("\"input\": [{\"role\": \"user\", \"content\": \"a\", \"id\": 5}]", "input[0].id", "invalid_type")]
    [InlineData("\"input\": [{\"role\": \"user\", \"content\": \"a\", \"status\": \"new\"}]", "input[0].status", "invalid_value")]
    [InlineData("\"input\": [{\"role\": \"user\", \"content\": [{\"type\": \"x\"}]}]", "input[0].content[0].type", "invalid_value")]
    [InlineData(
        "\"input\": [{\"role\": \"user\", \"content\": [{\"type\": \"input_image\", \"image_url\": \"data:\"}]}]", "input[0].content[0]",
        "unsupported_parameter")]
    [InlineData("\"input\": [{\"role\": \"user\", \"content\": [{\"type\": \"input_file\"}]}]", "input[0].content[0]", "unsupported_parameter")]
    [InlineData("\"input\": [{\"type\": \"computer_call\", \"id\": \"a\"}]", "input[0].type", "unsupported_parameter")]
    [InlineData("\"input\": [{\"type\": \"function_call\", \"name\": \"f\", \"arguments\": \"{}\"}]", "input[0].call_id",
        "missing_required_parameter")]
    [InlineData("\"input\": [{\"type\": \"function_call\", \"call_id\": \"a\", \"name\": \"f\"}]", "input[0].arguments",
        "missing_required_parameter")]
    [InlineData("\"input\": [{\"type\": \"function_call_output\", \"call_id\": \"a\"}]", "input[0].output", "missing_required_parameter")]
    [InlineData(
        "\"input\": [{\"type\": \"function_call_output\", \"call_id\": \"a\", \"output\": [{\"type\": \"input_image\"}]}]", "input[0].output[0]",
        "unsupported_parameter")]
    [InlineData("\"input\": [{\"type\": \"function_call_output\", \"call_id\": \"a\", \"output\": \"1\"}]", "input", "invalid_value")]
    [InlineData("\"input\": [{\"type\": \"reasoning\", \"content\": [{\"type\": \"reasoning_text\"}]}]", "input[0].content[0].text",
        "missing_required_parameter")]
    [InlineData("\"input\": \"Hi\", \"instructions\": 5", "instructions", "invalid_type")]
    [InlineData("\"input\": \"Hi\", \"previous_response_id\": 5", "previous_response_id", "invalid_type")]
    [InlineData("\"input\": \"Hi\", \"store\": \"yes\"", "store", "invalid_type")]
    [InlineData("\"input\": \"Hi\", \"metadata\": {\"a\": 1}", "metadata", "invalid_type")]
    [InlineData("\"input\": \"Hi\", \"temperature\": 3", "temperature", "invalid_value")]
    [InlineData("\"input\": \"Hi\", \"max_output_tokens\": 0", "max_output_tokens", "invalid_value")]
    [InlineData("\"input\": \"Hi\", \"max_output_tokens\": 5000", "input", "context_length_exceeded")]
    [InlineData("\"input\": \"Hi\", \"max_output_tokens\": 5000, \"truncation\": \"auto\"", "input", "context_length_exceeded")]
    [InlineData("\"input\": \"Hi\", \"truncation\": \"always\"", "truncation", "invalid_value")]
    [InlineData("\"input\": \"Hi\", \"background\": true", "background", "unsupported_parameter")]
    [InlineData("\"input\": \"Hi\", \"conversation\": \"conv_1\"", "conversation", "unsupported_parameter")]
    [InlineData("\"input\": \"Hi\", \"n\": 2", "n", "unsupported_parameter")]
    [InlineData("\"input\": \"Hi\", \"include\": [\"everything\"]", "include", "invalid_value")]
    [InlineData("\"input\": \"Hi\", \"top_logprobs\": 21", "top_logprobs", "invalid_value")]
    [InlineData("\"input\": \"Hi\", \"reasoning\": {\"effort\": 5}", "reasoning.effort", "invalid_type")]
    [InlineData("\"input\": \"Hi\", \"text\": {\"format\": \"json\"}", "text.format", "invalid_type")]
    [InlineData("\"input\": \"Hi\", \"text\": {\"format\": {\"type\": \"xml\"}}", "text.format.type", "invalid_value")]
    [InlineData("\"input\": \"Hi\", \"text\": {\"verbosity\": \"loud\"}", "text.verbosity", "invalid_value")]
    [InlineData("\"input\": \"Hi\", \"text\": {\"format\": {\"type\": \"json_schema\"}}", "text.format.name", "missing_required_parameter")]
    [InlineData(
        "\"input\": \"Hi\", \"text\": {\"format\": {\"type\": \"json_schema\", \"name\": \"a\"}}", "text.format.schema",
        "missing_required_parameter")]
    [InlineData(
        "\"input\": \"Hi\", \"text\": {\"format\": {\"type\": \"json_schema\", \"name\": \"a\", \"schema\": {\"items\": {}, \"contains\": {}}}}",
        "text.format", "invalid_grammar")]
    [InlineData("\"input\": \"Hi\", \"text\": {\"format\": {\"type\": \"json_object\"}}, \"regex\": \"a\"", "regex", "conflicting_fields")]
    [InlineData("\"input\": \"Hi\", \"tools\": [{\"type\": \"web_search\"}]", "tools[0].type", "unsupported_parameter")]
    [InlineData("\"input\": \"Hi\", \"tools\": [{\"type\": \"function\"}]", "tools[0].name", "missing_required_parameter")]
    [InlineData(
        "\"input\": \"Hi\", \"tools\": [{\"type\": \"function\", \"name\": \"f\", \"parameters\": {\"not\": {}}}], \"tool_choice\": \"required\"",
        "tools[0].parameters", "invalid_grammar")]
    [InlineData("\"input\": \"Hi\", \"tool_choice\": \"required\"", "tool_choice", "conflicting_fields")]
    [InlineData(Tool + ", \"tool_choice\": \"always\"", "tool_choice", "invalid_value")]
    [InlineData(Tool + ", \"tool_choice\": {\"type\": \"function\", \"name\": \"g\"}", "tool_choice", "conflicting_fields")]
    [InlineData(Tool + ", \"tool_choice\": {\"type\": \"web_search\"}", "tool_choice.type", "unsupported_parameter")]
    [InlineData(Tool + ", \"tool_choice\": {\"type\": \"allowed_tools\", \"mode\": \"auto\", \"tools\": []}", "tool_choice.tools", "invalid_value")]
    [InlineData(
        Tool + ", \"tool_choice\": {\"type\": \"allowed_tools\", \"tools\": [{\"type\": \"function\", \"name\": \"g\"}]}", "tool_choice",
        "conflicting_fields")]
    [InlineData("\"input\": \"Hi\", \"stream_options\": {}", "stream_options", "conflicting_fields")]
    [InlineData("\"input\": \"Hi\", \"model\": \"tiny-t5\"", "model", "unsupported_by_model")]
    public async Task What_a_client_sent_wrong_is_a_400_with_its_field(string fields, string param, string code)
    {
        JsonNode error = await server.Client.OpenAiErrorAsync(400, ResponseCalls.Path, $"{{{fields}}}");

        Assert.Equal(("invalid_request_error", param, code), ((string?)error["type"], (string?)error["param"], (string?)error["code"]));
    }

    [Theory]
    [InlineData("\"model\": \"gpt-9\"", "model", "model_not_found")]
    [InlineData("\"previous_response_id\": \"resp_9\"", "previous_response_id", "previous_response_not_found")]
    [InlineData("\"input\": [{\"type\": \"item_reference\", \"id\": \"msg_9\"}]", "input[0]", "item_not_found")]
    [InlineData("\"input\": [{\"id\": \"msg_9\"}]", "input[0]", "item_not_found")]
    public async Task What_is_not_there_is_a_404_also_for_streams(string field, string param, string code)
    {
        string input = field.Contains("input", StringComparison.Ordinal) ? field : $"{field}, \"input\": \"Hi\"";
        foreach (string stream in (string[])["true", "false"])
        {
            JsonNode error = await server.Client.OpenAiErrorAsync(404, ResponseCalls.Path, $"{{{input}, \"stream\": {stream}}}");

            Assert.Equal((param, code), ((string?)error["param"], (string?)error["code"]));
        }
    }

    [Fact]
    public async Task Explicit_nulls_and_fields_that_nobody_knows_change_nothing()
    {
        JsonNode plain = await server.Client.RespondAsync("""{"input": "Hi", "temperature": 0, "max_output_tokens": 4}""");
        JsonNode nulls = await server.Client.RespondAsync(
            """
            {"input": [{"type": "message", "id": null, "status": null, "role": "user", "content": [{"type": "input_text", "text": "Hi"}], "new": 1}],
             "temperature": 0, "max_output_tokens": 4, "instructions": null, "previous_response_id": null, "store": null, "metadata": null,
             "tools": null, "tool_choice": null, "parallel_tool_calls": null, "text": null, "reasoning": null, "include": null, "truncation": null,
             "stream": null, "stream_options": null, "background": null, "conversation": null, "new": 1}
            """);

        Assert.Equal(plain.OutputText(), nulls.OutputText());
        Assert.Equal((int)plain["usage"]!["input_tokens"]!, (int)nulls["usage"]!["input_tokens"]!);
        Assert.True((bool)nulls["store"]!);
    }
}
