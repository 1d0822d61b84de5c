using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Generate;

/// <summary>Whatever a client sends, the answer is a 4xx that says what is wrong, and the server goes on.</summary>
public sealed class BadInputTests(TinyServer server) : IClassFixture<TinyServer>
{
    private const string InvalidJson = "invalid_json", UnknownField = "unknown_field", WrongType = "wrong_type", OutOfRange = "out_of_range",
        Conflict = "conflicting_fields", Context = "context_length_exceeded", InvalidUtf8 = "invalid_utf8";

    public static TheoryData<string, string, string?> Bodies => new()
    {
        { "", InvalidJson, null },
        { "prompt", InvalidJson, null },
        { "[]", InvalidJson, null },
        { "null", InvalidJson, null },
        { "\"prompt\"", InvalidJson, null },
        { """{"prompt": "a" """, InvalidJson, null },
        { """{"prompt": "a",}""", InvalidJson, null },
        { """{'prompt': 'a'}""", InvalidJson, null },
        { """{"prompt": "a"} {"prompt": "b"}""", InvalidJson, null },
        { """{"prompt": "a"} // comment""", InvalidJson, null },
        { """{"prompt": "a", "temperature": NaN}""", InvalidJson, null },
        { """{"prompt": "a", "temperature": Infinity}""", InvalidJson, null },
        { """{"prompt": "a", "seed": 01}""", InvalidJson, null },
        { $$"""{"prompt": {{new string('[', 500)}}{{new string(']', 500)}}}""", InvalidJson, null },
        { """{"prompt": "\ud800"}""", InvalidUtf8, "prompt" },
        { """{"prompt": "a", "stop": ["\udc00"]}""", InvalidUtf8, "stop" },
        { """{"prompt": "a", "\ud800": 1}""", InvalidUtf8, null },
        { "{}", "missing_field", "prompt" },
        { """{"max_length": 50}""", "missing_field", "prompt" },
        { """{"prompt": null}""", WrongType, "prompt" },
        { """{"prompt": 5}""", WrongType, "prompt" },
        { """{"prompt": {"text": "a"}}""", WrongType, "prompt" },
        { """{"prompt": []}""", OutOfRange, "prompt" },
        { """{"prompt": ["a", 5]}""", WrongType, "prompt" },
        { """{"prompt": ["a", null]}""", WrongType, "prompt" },
        { """{"prompt": ["a", ["b"]]}""", WrongType, "prompt" },
        { """{"prompt": ""}""", "empty_prompt", "prompt" },
        { """{"prompt": ["a", ""]}""", "empty_prompt", "prompt" },
        { $$"""{"prompt": "{{new string('a', 5000)}}"}""", Context, "prompt" },
        { """{"prompt": "a", "prompt": "b"}""", "duplicate_field", "prompt" },
        { """{"prompt": "a", "seed": 1, "\u0073eed": 1}""", "duplicate_field", "seed" },
        { """{"prompt": "a", "colour": 1}""", UnknownField, "colour" },
        { """{"prompt": "a", "": 1}""", UnknownField, "" },
        { """{"prompt": "a", "Prompt": "b"}""", UnknownField, "Prompt" },
        { """{"prompt": "a", "max_tokens": 5}""", UnknownField, "max_tokens" },
        { """{"prompt": "a", "num_beams": 4}""", UnknownField, "num_beams" },
        { """{"prompt": "a", "max_length": "50"}""", WrongType, "max_length" },
        { """{"prompt": "a", "max_length": 0}""", OutOfRange, "max_length" },
        { """{"prompt": "a", "max_length": -1}""", OutOfRange, "max_length" },
        { """{"prompt": "a", "max_length": 1.5}""", WrongType, "max_length" },
        { """{"prompt": "a", "max_length": 1e99}""", OutOfRange, "max_length" },
        { """{"prompt": "a", "max_length": 1e999}""", OutOfRange, "max_length" },
        { """{"prompt": "a", "max_length": 2147483648}""", OutOfRange, "max_length" },
        { """{"prompt": "a", "max_length": 99999999999999999999999999999}""", OutOfRange, "max_length" },
        { """{"prompt": "a", "max_length": [50]}""", WrongType, "max_length" },
        { """{"prompt": "a", "max_length": 1}""", "max_length_below_prompt", "max_length" },
        { """{"prompt": "a", "max_length": 513}""", Context, "max_length" },
        { """{"prompt": "a", "max_new_tokens": 0}""", OutOfRange, "max_new_tokens" },
        { """{"prompt": "a", "max_new_tokens": 512}""", Context, "max_new_tokens" },
        { """{"prompt": "a", "max_new_tokens": 2147483647}""", Context, "max_new_tokens" },
        { """{"prompt": "a", "max_new_tokens": true}""", WrongType, "max_new_tokens" },
        { """{"prompt": "a", "min_new_tokens": -1}""", OutOfRange, "min_new_tokens" },
        { """{"prompt": "a", "num_return_sequences": 0}""", OutOfRange, "num_return_sequences" },
        { """{"prompt": "a", "num_return_sequences": 2.5}""", WrongType, "num_return_sequences" },
        { """{"prompt": "a", "num_return_sequences": 5000}""", OutOfRange, "num_return_sequences" },
        { """{"prompt": "a", "num_return_sequences": 300}""", "too_many_sequences", "num_return_sequences" },
        { """{"prompt": ["a", "b"], "num_return_sequences": 129}""", "too_many_sequences", "num_return_sequences" },
        { """{"prompt": "a", "num_return_sequences": 2, "do_sample": false}""", Conflict, "num_return_sequences" },
        { """{"prompt": "a", "num_return_sequences": 2, "temperature": 0}""", Conflict, "num_return_sequences" },
        { """{"prompt": "a", "do_sample": 1}""", WrongType, "do_sample" },
        { """{"prompt": "a", "do_sample": "true"}""", WrongType, "do_sample" },
        { """{"prompt": "a", "do_sample": true, "temperature": 0}""", Conflict, "temperature" },
        { """{"prompt": "a", "temperature": -0.1}""", OutOfRange, "temperature" },
        { """{"prompt": "a", "temperature": 1e-30}""", OutOfRange, "temperature" },
        { """{"prompt": "a", "temperature": 1e400}""", OutOfRange, "temperature" },
        { """{"prompt": "a", "temperature": "hot"}""", WrongType, "temperature" },
        { """{"prompt": "a", "top_k": -1}""", OutOfRange, "top_k" },
        { """{"prompt": "a", "top_p": 0}""", OutOfRange, "top_p" },
        { """{"prompt": "a", "top_p": 1.01}""", OutOfRange, "top_p" },
        { """{"prompt": "a", "min_p": -0.1}""", OutOfRange, "min_p" },
        { """{"prompt": "a", "min_p": 1.1}""", OutOfRange, "min_p" },
        { """{"prompt": "a", "repetition_penalty": 0}""", OutOfRange, "repetition_penalty" },
        { """{"prompt": "a", "repetition_penalty": -1}""", OutOfRange, "repetition_penalty" },
        { """{"prompt": "a", "seed": -1}""", OutOfRange, "seed" },
        { """{"prompt": "a", "seed": 0.5}""", WrongType, "seed" },
        { """{"prompt": "a", "seed": 18446744073709551616}""", OutOfRange, "seed" },
        { """{"prompt": "a", "seed": "1"}""", WrongType, "seed" },
        { """{"prompt": "a", "stop": ""}""", OutOfRange, "stop" },
        { """{"prompt": "a", "stop": ["x", ""]}""", OutOfRange, "stop" },
        { """{"prompt": "a", "stop": 5}""", WrongType, "stop" },
        { $$"""{"prompt": "a", "stop": [{{string.Join(",", Enumerable.Repeat("\"x\"", 65))}}]}""", OutOfRange, "stop" },
        { $$"""{"prompt": "a", "stop": "{{new string('x', 1001)}}"}""", OutOfRange, "stop" },
        { """{"prompt": "a", "stop_token_ids": 5}""", WrongType, "stop_token_ids" },
        { """{"prompt": "a", "stop_token_ids": [-1]}""", OutOfRange, "stop_token_ids" },
        { """{"prompt": "a", "stop_token_ids": [1024]}""", OutOfRange, "stop_token_ids" },
        { """{"prompt": "a", "stop_token_ids": ["a"]}""", WrongType, "stop_token_ids" },
        { """{"prompt": "a", "logprobs": 21}""", OutOfRange, "logprobs" },
        { """{"prompt": "a", "logprobs": -1}""", OutOfRange, "logprobs" },
        { """{"prompt": "a", "logprobs": true}""", WrongType, "logprobs" },
        { """{"prompt": "a", "details": "yes"}""", WrongType, "details" },
        { """{"prompt": "a", "return_full_text": 0}""", WrongType, "return_full_text" },
        { """{"prompt": "a", "skip_special_tokens": []}""", WrongType, "skip_special_tokens" },
        { """{"prompt": "a", "stream": 1}""", WrongType, "stream" },
        { """{"prompt": "a", "stream": true, "top_k": -1}""", OutOfRange, "top_k" },
        { """{"prompt": "a", "stream": true, "max_length": 513}""", Context, "max_length" },
        { """{"prompt": "a", "model": ""}""", OutOfRange, "model" },
        { """{"prompt": "a", "model": 5}""", WrongType, "model" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Is_refused_with_code_and_field(string body, string code, string? field)
    {
        using HttpResponseMessage response = await server.Client.PostAsync(body);

        await AssertProblemAsync(response, HttpStatusCode.BadRequest, code, field);
        Assert.True((await server.Client.ReadinessAsync()).IsReady);
    }

    [Fact]
    public async Task A_body_that_is_not_UTF8_is_refused()
    {
        await AssertProblemAsync(await server.Client.PostAsync([.. "{\"prompt\": \""u8, 0xFF, .. "\"}"u8]), HttpStatusCode.BadRequest, InvalidUtf8, null);
        await AssertProblemAsync(await server.Client.PostAsync([.. "{\"prompt\": \""u8, 0xE2, 0x82]), HttpStatusCode.BadRequest, InvalidUtf8, null);
        await AssertProblemAsync(
            await server.Client.PostAsync(Encoding.Unicode.GetBytes("""{"prompt": "é"}""")), HttpStatusCode.BadRequest, null, null);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Another_content_type_is_a_415(string? contentType)
    {
        using HttpResponseMessage response = await server.Client.PostAsync("""{"prompt": "a"}"""u8.ToArray(), contentType: contentType);

        await AssertProblemAsync(response, HttpStatusCode.UnsupportedMediaType, "unsupported_media_type", null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_above_the_limit_is_a_413(bool isChunked)
    {
        byte[] body = Encoding.UTF8.GetBytes($$"""{"prompt": "{{new string('a', 5 * 1024 * 1024)}}"}""");

        await AssertProblemAsync(await server.Client.PostAsync(body, isChunked: isChunked), HttpStatusCode.RequestEntityTooLarge, "body_too_large", null);
    }

    [Fact]
    public async Task A_body_just_below_the_limit_is_judged_by_its_tokens()
    {
        byte[] body = Encoding.UTF8.GetBytes($$"""{"prompt": "{{string.Concat(Enumerable.Repeat("one two ", 4 * 1024 * 1024 / 8 - 10))}}"}""");

        await AssertProblemAsync(await server.Client.PostAsync(body), HttpStatusCode.BadRequest, Context, "prompt");
    }

    [Fact]
    public async Task An_unknown_model_is_a_404_that_names_those_that_exist()
    {
        using HttpResponseMessage response = await server.Client.PostAsync("""{"prompt": "a", "model": "gpt-4"}""");

        JsonNode problem = await AssertProblemAsync(response, HttpStatusCode.NotFound, "model_not_found", "model");
        Assert.Contains("tiny-llama", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", HttpStatusCode.NotFound, "not_found")]
    [InlineData("/v1/nothing", HttpStatusCode.NotFound, "not_found")]
    [InlineData("/generate", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    public async Task Routes_that_are_not_there_answer_in_JSON(string path, HttpStatusCode status, string code) =>
        await AssertProblemAsync(await server.Client.GetAsync(path), status, code, null);

    private static async Task<JsonNode> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string? code, string? field)
    {
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonNode problem = JsonNode.Parse(text)!;
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.False(string.IsNullOrEmpty((string?)problem["detail"]), text);
        Assert.False(string.IsNullOrEmpty((string?)problem["title"]), text);
        if (code is not null)
            Assert.Equal((code, field), ((string?)problem["code"], (string?)problem["field"]));
        return problem;
    }
}
