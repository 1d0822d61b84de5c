using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi;

public sealed class CompletionErrorTests(TinyServer server) : IClassFixture<TinyServer>
{
    private const string Path = "/v1/completions";

    [Theory]
    [InlineData("""{}""", "prompt", "missing_required_parameter")]
    [InlineData("""{"prompt": []}""", "prompt", "invalid_value")]
    [InlineData("""{"prompt": 5}""", "prompt", "invalid_type")]
    [InlineData("""{"prompt": ["a", 5]}""", "prompt", "invalid_type")]
    [InlineData("""{"prompt": [5, "a"]}""", "prompt", "invalid_type")]
    [InlineData("""{"prompt": [[]]}""", "prompt", "invalid_value")]
    [InlineData("""{"prompt": [1024]}""", "prompt", "invalid_value")]
    [InlineData("""{"prompt": ""}""", "prompt", "empty_prompt")]
    [InlineData("""{"prompt": "a", "temperature": 2.5}""", "temperature", "invalid_value")]
    [InlineData("""{"prompt": "a", "temperature": "1"}""", "temperature", "invalid_type")]
    [InlineData("""{"prompt": "a", "top_p": 1.5}""", "top_p", "invalid_value")]
    [InlineData("""{"prompt": "a", "n": 0}""", "n", "invalid_value")]
    [InlineData("""{"prompt": "a", "seed": 1.5}""", "seed", "invalid_type")]
    [InlineData("""{"prompt": "a", "stop": [""]}""", "stop", "invalid_value")]
    [InlineData("""{"prompt": "a", "logit_bias": {"5": 101}}""", "logit_bias", "invalid_value")]
    [InlineData("""{"prompt": "a", "logit_bias": {"x": 1}}""", "logit_bias", "invalid_value")]
    [InlineData("""{"prompt": "a", "logit_bias": {"1024": 1}}""", "logit_bias", "invalid_value")]
    [InlineData("""{"prompt": "a", "stop_token_ids": [1024]}""", "stop_token_ids", "invalid_value")]
    [InlineData("""{"prompt": "a", "presence_penalty": -2.1}""", "presence_penalty", "invalid_value")]
    [InlineData("""{"prompt": "a", "frequency_penalty": 3}""", "frequency_penalty", "invalid_value")]
    [InlineData("""{"prompt": "a", "logprobs": 21}""", "logprobs", "invalid_value")]
    [InlineData("""{"prompt": "a", "logprobs": true}""", "logprobs", "invalid_type")]
    [InlineData("""{"prompt": "a", "max_tokens": -1}""", "max_tokens", "invalid_value")]
    [InlineData("""{"prompt": "a", "max_tokens": 0}""", "max_tokens", "conflicting_fields")]
    [InlineData("""{"prompt": "a", "n": 3, "best_of": 2}""", "best_of", "conflicting_fields")]
    [InlineData("""{"prompt": "a", "best_of": 2, "stream": true}""", "best_of", "conflicting_fields")]
    [InlineData("""{"prompt": "a", "stream_options": {"include_usage": true}}""", "stream_options", "conflicting_fields")]
    [InlineData("""{"prompt": "a", "stream": true, "stream_options": {"include_usage": 1}}""", "stream_options", "invalid_type")]
    [InlineData("""{"prompt": "a", "stream": "yes"}""", "stream", "invalid_type")]
    [InlineData("""{"prompt": "a", "suffix": "b"}""", "suffix", "unsupported_by_model")]
    [InlineData("""{"prompt": [5], "suffix": "b"}""", "suffix", "conflicting_fields")]
    [InlineData("""{"prompt": "a", "suffix": "b", "echo": true}""", "suffix", "conflicting_fields")]
    [InlineData("""{"prompt": "a", "regex": "a(b"}""", "regex", "invalid_grammar")]
    [InlineData("""{"prompt": "a", "regex": "a", "grammar": "root ::= \"a\""}""", "grammar", "conflicting_fields")]
    [InlineData("""{"prompt": "a", "min_tokens": 17}""", "min_tokens", "conflicting_fields")]
    [InlineData("""{"prompt": "a", "seed": 1, "seed": 2}""", "seed", "duplicate_field")]
    [InlineData("""{"prompt": ["a", "b", "c"], "n": 100}""", "n", "too_many_sequences")]
    [InlineData("""[]""", null, "invalid_json")]
    public async Task What_a_client_sent_wrong_is_a_400_with_its_field(string body, string? param, string code)
    {
        JsonNode error = await server.Client.OpenAiErrorAsync(400, Path, body);

        Assert.Equal(
            ("invalid_request_error", param, code), ((string?)error["type"], (string?)error["param"], (string?)error["code"]));
    }

    [Fact]
    public async Task An_unknown_model_is_a_404()
    {
        JsonNode error = await server.Client.OpenAiErrorAsync(404, Path, new { model = "gpt-9", prompt = "a" });

        Assert.Equal(
            ("invalid_request_error", "model", "model_not_found"), ((string?)error["type"], (string?)error["param"], (string?)error["code"]));
    }

    [Fact]
    public async Task What_does_not_fit_into_the_context_is_told_in_OpenAI_s_words_with_both_counts()
    {
        JsonNode error = await server.Client.OpenAiErrorAsync(400, Path, new { prompt = Enumerable.Repeat(5, 500), max_tokens = 20 });

        Assert.Equal(("prompt", "context_length_exceeded"), ((string?)error["param"], (string?)error["code"]));
        Assert.StartsWith(
            "This model's maximum context length is 512 tokens. However, you requested 520 tokens (500 in the prompt, 20 in the completion).",
            (string?)error["message"], StringComparison.Ordinal);
        error = await server.Client.OpenAiErrorAsync(400, Path, new { prompt = Enumerable.Repeat(5, 600) });
        Assert.Equal("context_length_exceeded", (string?)error["code"]);
        Assert.Contains("600 tokens", (string?)error["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_queue_is_a_429_that_says_when_to_come_again()
    {
        await using LocalServer own = await LocalServer.StartTinyAsync("--LlamaHost:MaxOpenSequences=2");
        using HttpResponseMessage open = await own.Client.PostToAsync(
            Path, """{"prompt": "a", "n": 2, "max_tokens": 500, "ignore_eos": true, "stream": true}""", "text/event-stream");
        using HttpResponseMessage refused = await own.Client.PostToAsync(Path, """{"prompt": "a", "max_tokens": 500}""");

        JsonNode error = await GenerateClient.OpenAiErrorOf(429, refused);
        Assert.Equal(("requests", "rate_limit_exceeded"), ((string?)error["type"], (string?)error["code"]));
        Assert.True(refused.Headers.RetryAfter!.Delta > TimeSpan.Zero);
        JsonNode tooMany = await own.Client.OpenAiErrorAsync(400, Path, new { prompt = "a", n = 3 });
        Assert.Equal(("n", "too_many_sequences"), ((string?)tooMany["param"], (string?)tooMany["code"]));
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_no_JSON_is_told_in_the_same_shape()
    {
        await using LocalServer own = await LocalServer.StartTinyAsync("--Server:MaxRequestBodyBytes=2000");
        JsonNode error = await own.Client.OpenAiErrorAsync(413, Path, new { prompt = new string('x', 3000) });

        Assert.Equal("body_too_large", (string?)error["code"]);
        using var text = new StringContent("{}", System.Text.Encoding.UTF8, "text/plain");
        using var http = new HttpClient();
        using HttpResponseMessage response = await http.PostAsync(
            new Uri(own.Client.Address, Path), text, TestContext.Current.CancellationToken);
        Assert.Equal("unsupported_media_type", (string?)(await GenerateClient.OpenAiErrorOf(415, response))["code"]);
    }
}
