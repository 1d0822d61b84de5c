using System.Net;
using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi.Responses;

/// <summary>Responses that are kept, read again, gone on from, and forgotten.</summary>
public sealed class StoredResponseTests(TinyServer server) : IClassFixture<TinyServer>
{
    private const string Settings = """ "temperature": 0, "max_output_tokens": 8 """;

    [Fact]
    public async Task A_response_can_be_read_again_whether_it_was_streamed_or_not()
    {
        JsonNode whole = await server.Client.RespondAsync($$"""{"input": "Hi", {{Settings}}}""");
        JsonNode streamed = EventFold.Fold(await server.Client.EventsAsync($$"""{"input": "Hi", {{Settings}}}"""));

        Assert.True(JsonNode.DeepEquals(whole, await server.Client.GetJsonAsync($"{ResponseCalls.Path}/{whole["id"]}")));
        Assert.True(JsonNode.DeepEquals(streamed, await server.Client.GetJsonAsync($"{ResponseCalls.Path}/{streamed["id"]}?stream=false")));
    }

    [Fact]
    public async Task What_is_not_to_be_stored_is_not()
    {
        JsonNode response = await server.Client.RespondAsync($$"""{"input": "Hi", "store": false, {{Settings}}}""");

        Assert.False((bool)response["store"]!);
        await AssertUnknownAsync((string)response["id"]!);
        await server.Client.OpenAiErrorAsync(
            404, ResponseCalls.Path, $$"""{"input": "Hi", "previous_response_id": "{{response["id"]}}"}""");
    }

    [Fact]
    public async Task A_server_that_keeps_nothing_says_so()
    {
        await using LocalServer forgetful = await LocalServer.StartTinyAsync("--Server:MaxStoredResponses=0");
        JsonNode response = await forgetful.Client.RespondAsync($$"""{"input": "Hi", "store": true, {{Settings}}}""");
        using HttpResponseMessage read = await forgetful.Client.GetAsync($"{ResponseCalls.Path}/{response["id"]}");

        Assert.False((bool)response["store"]!);
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
    }

    [Fact]
    public async Task A_conversation_goes_on_as_if_all_of_it_had_been_sent_and_its_beginning_is_not_computed_again()
    {
        JsonNode first = await server.Client.RespondAsync($$"""{"input": "Hi", "instructions": "Be brief.", {{Settings}}}""");
        JsonNode second = await server.Client.RespondAsync(Next(first, "And then?", "\"instructions\": \"Be brief.\""));
        JsonNode third = await server.Client.RespondAsync(Next(second, "And then?", "\"instructions\": \"Be brief.\""));
        JsonNode chat = await server.Client.AskAsync(
            ChatStream.Path,
            $$"""
            {"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"},
              {"role": "assistant", "content": {{Quoted(first)}}}, {"role": "user", "content": "And then?"},
              {"role": "assistant", "content": {{Quoted(second)}}}, {"role": "user", "content": "And then?"}], "temperature": 0, "max_tokens": 8}
            """);

        Assert.Equal((string?)first["id"], (string?)second["previous_response_id"]);
        Assert.Equal((int)chat["usage"]!["prompt_tokens"]!, (int)third["usage"]!["input_tokens"]!);
        Assert.Equal(chat.Results()[0].Content, third.OutputText());
        int cached = (int)third["usage"]!["input_tokens_details"]!["cached_tokens"]!;
        Assert.True(cached >= (int)second["usage"]!["input_tokens"]!, $"{third["usage"]}");
    }

    [Fact]
    public async Task Instructions_are_not_carried_over()
    {
        JsonNode first = await server.Client.RespondAsync($$"""{"input": "Hi", "instructions": "Be brief.", {{Settings}}}""");
        JsonNode second = await server.Client.RespondAsync(Next(first, "And then?"));
        JsonNode chat = await server.Client.AskAsync(
            ChatStream.Path,
            $$"""
            {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": {{Quoted(first)}}},
              {"role": "user", "content": "And then?"}], "max_tokens": 1}
            """);

        Assert.Null((string?)second["instructions"]);
        Assert.Equal((int)chat["usage"]!["prompt_tokens"]!, (int)second["usage"]!["input_tokens"]!);
    }

    [Fact]
    public async Task A_response_that_was_cut_goes_on_where_it_was_cut()
    {
        JsonNode whole = await server.Client.RespondAsync("""{"input": "Hi", "temperature": 0, "max_output_tokens": 12}""");
        JsonNode first = await server.Client.RespondAsync("""{"input": "Hi", "temperature": 0, "max_output_tokens": 6}""");
        JsonNode rest = await server.Client.RespondAsync(
            $$"""{"previous_response_id": "{{first["id"]}}", "temperature": 0, "max_output_tokens": 6}""");

        Assert.Equal(whole.OutputText(), first.OutputText() + rest.OutputText());
    }

    [Fact]
    public async Task A_tool_s_output_goes_back_into_the_conversation()
    {
        const string tools =
            """ "tools": [{"type": "function", "name": "f", "parameters": {"type": "object", "properties": {"a": {"const": 1}}}}] """;
        JsonNode call = await server.Client.RespondAsync(
            $$"""{"input": "Hi", "max_output_tokens": 200, "tool_choice": "required", "parallel_tool_calls": false, {{tools}}}""");
        string id = (string)call.Items("function_call")[0]["call_id"]!;
        string Output(string callId) =>
            $$"""
            {"previous_response_id": "{{call["id"]}}", "input": [{"type": "function_call_output", "call_id": "{{callId}}", "output": "2"}],
             {{tools}}, {{Settings}}}
            """;

        JsonNode answer = await server.Client.RespondAsync(Output(id));

        Assert.True((int)answer["usage"]!["input_tokens"]! > (int)call["usage"]!["input_tokens"]!);
        await server.Client.OpenAiErrorAsync(400, ResponseCalls.Path, Output("call_other"));
    }

    [Fact]
    public async Task An_item_that_is_referred_to_is_the_stored_one()
    {
        JsonNode first = await server.Client.RespondAsync($$"""{"input": "Hi", {{Settings}}}""");
        string item = (string)first["output"]![0]!["id"]!;
        JsonNode referring = await server.Client.RespondAsync(
            $$"""
            {"input": [{"role": "user", "content": "Hi"}, {"type": "item_reference", "id": "{{item}}"}, {"role": "user", "content": "And then?"}],
             {{Settings}}}
            """);
        JsonNode chained = await server.Client.RespondAsync(Next(first, "And then?"));

        Assert.Equal(chained.OutputText(), referring.OutputText());
        Assert.Equal((int)chained["usage"]!["input_tokens"]!, (int)referring["usage"]!["input_tokens"]!);
        Assert.Equal(item, (string?)(await ItemsAsync(referring, "order=asc"))["data"]![1]!["id"]);
    }

    [Fact]
    public async Task Input_items_come_in_pages_in_either_order()
    {
        JsonNode response = await server.Client.RespondAsync(
            $$"""
            {"input": [{"role": "system", "content": "a"}, {"role": "user", "content": "b"}, {"role": "user", "content": "c"}], {{Settings}}}
            """);
        JsonNode all = await ItemsAsync(response, "");
        JsonNode first = await ItemsAsync(response, "order=asc&limit=2");
        JsonNode second = await ItemsAsync(response, $"order=asc&limit=2&after={first["last_id"]}");

        Assert.Equal(("cba", "ab", "c"), (Texts(all), Texts(first), Texts(second)));
        Assert.Equal((false, true, false), ((bool)all["has_more"]!, (bool)first["has_more"]!, (bool)second["has_more"]!));
        Assert.Equal("list", (string?)all["object"]);
        Assert.Equal((string?)all["data"]![0]!["id"], (string?)all["first_id"]);
        Assert.All(all["data"]!.AsArray(), item => Assert.StartsWith("msg_", (string?)item!["id"], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=x", "limit")]
    [InlineData("order=up", "order")]
    [InlineData("after=msg_9", "after")]
    public async Task Pages_that_can_not_be_are_refused(string query, string param)
    {
        JsonNode response = await server.Client.RespondAsync($$"""{"input": "Hi", {{Settings}}}""");
        using HttpResponseMessage refused = await server.Client.GetAsync($"{ResponseCalls.Path}/{response["id"]}/input_items?{query}");

        Assert.Equal(param, (string?)(await GenerateClient.OpenAiErrorOf(400, refused))["param"]);
    }

    [Fact]
    public async Task A_deleted_response_is_gone_and_what_came_after_it_can_not_be_gone_on_from()
    {
        JsonNode first = await server.Client.RespondAsync($$"""{"input": "Hi", {{Settings}}}""");
        JsonNode second = await server.Client.RespondAsync(Next(first, "And then?"));
        using HttpResponseMessage deleted = await server.Client.DeleteAsync($"{ResponseCalls.Path}/{first["id"]}");
        string body = await deleted.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        using HttpResponseMessage again = await server.Client.DeleteAsync($"{ResponseCalls.Path}/{first["id"]}");

        Assert.Equal($$"""{"id":"{{first["id"]}}","object":"response","deleted":true}""", body);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        await AssertUnknownAsync((string)first["id"]!);
        JsonNode error = await server.Client.OpenAiErrorAsync(404, ResponseCalls.Path, Next(second, "And then?"));
        Assert.Equal("previous_response_not_found", (string?)error["code"]);
        Assert.Contains((string)first["id"]!, (string?)error["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stored_response_is_not_streamed_and_one_that_has_ended_not_cancelled()
    {
        JsonNode response = await server.Client.RespondAsync($$"""{"input": "Hi", {{Settings}}}""");
        using HttpResponseMessage streamed = await server.Client.GetAsync($"{ResponseCalls.Path}/{response["id"]}?stream=true&starting_after=3");
        JsonNode ended = await server.Client.OpenAiErrorAsync(400, $"{ResponseCalls.Path}/{response["id"]}/cancel", "");
        JsonNode unknown = await server.Client.OpenAiErrorAsync(404, $"{ResponseCalls.Path}/resp_9/cancel", "");

        Assert.Equal("stream", (string?)(await GenerateClient.OpenAiErrorOf(400, streamed))["param"]);
        Assert.Equal(("response_ended", "response_not_found"), ((string?)ended["code"], (string?)unknown["code"]));
    }

    private static string Next(JsonNode previous, string input, string more = "\"top_k\": 0") =>
        $$"""{"previous_response_id": "{{previous["id"]}}", "input": "{{input}}", {{more}}, {{Settings}}}""";

    private static string Quoted(JsonNode response) => JsonValue.Create(response.OutputText()).ToJsonString();

    private static string Texts(JsonNode list) => string.Concat(list["data"]!.AsArray().Select(item => (string?)item!["content"]![0]!["text"]));

    private Task<JsonNode> ItemsAsync(JsonNode response, string query) =>
        server.Client.GetJsonAsync($"{ResponseCalls.Path}/{response["id"]}/input_items?{query}");

    private async Task AssertUnknownAsync(string id)
    {
        using HttpResponseMessage response = await server.Client.GetAsync($"{ResponseCalls.Path}/{id}");
        Assert.Equal("response_not_found", (string?)(await GenerateClient.OpenAiErrorOf(404, response))["code"]);
    }
}
