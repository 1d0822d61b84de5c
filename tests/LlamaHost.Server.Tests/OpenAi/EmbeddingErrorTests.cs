using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi;

public sealed class EmbeddingErrorTests(TinyServer server) : IClassFixture<TinyServer>
{
    private const string Path = "/v1/embeddings";

    [Theory]
    [InlineData("""{}""", "input", "missing_required_parameter")]
    [InlineData("""{"input": null}""", "input", "invalid_type")]
    [InlineData("""{"input": 5}""", "input", "invalid_type")]
    [InlineData("""{"input": ""}""", "input", "empty_prompt")]
    [InlineData("""{"input": ["a", ""]}""", "input", "empty_prompt")]
    [InlineData("""{"input": []}""", "input", "invalid_value")]
    [InlineData("""{"input": [[]]}""", "input", "invalid_value")]
    [InlineData("""{"input": ["a", 5]}""", "input", "invalid_type")]
    [InlineData("""{"input": [-1]}""", "input", "invalid_value")]
    [InlineData("""{"input": [[5], [1024]]}""", "input", "invalid_value")]
    [InlineData("""{"input": "a", "dimensions": 0}""", "dimensions", "invalid_value")]
    [InlineData("""{"input": "a", "dimensions": 65}""", "dimensions", "invalid_value")]
    [InlineData("""{"input": "a", "dimensions": "8"}""", "dimensions", "invalid_type")]
    [InlineData("""{"input": "a", "encoding_format": "hex"}""", "encoding_format", "invalid_value")]
    [InlineData("""{"input": "a", "encoding_format": 5}""", "encoding_format", "invalid_type")]
    [InlineData("""{"input": "a", "user": 5}""", "user", "invalid_type")]
    [InlineData("""{"input": "a", "input": "b"}""", "input", "duplicate_field")]
    [InlineData("""[]""", null, "invalid_json")]
    public async Task What_a_client_sent_wrong_is_a_400_with_its_field(string body, string? param, string code)
    {
        JsonNode error = await server.Client.OpenAiErrorAsync(400, Path, body);

        Assert.Equal(
            ("invalid_request_error", param, code), ((string?)error["type"], (string?)error["param"], (string?)error["code"]));
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_told_in_OpenAI_s_words_with_both_counts()
    {
        JsonNode error = await server.Client.OpenAiErrorAsync(400, Path, new { input = new[] { new[] { 5 }, [.. Enumerable.Repeat(5, 513)] } });

        Assert.Equal(("input", "context_length_exceeded"), ((string?)error["param"], (string?)error["code"]));
        Assert.Equal(
            "This model's maximum context length is 512 tokens. However, your input[1] resulted in 513 tokens. "
            + "Please reduce the length of the input.",
            (string?)error["message"]);
    }

    [Fact]
    public async Task More_inputs_than_allowed_are_refused()
    {
        JsonNode error = await server.Client.OpenAiErrorAsync(400, Path, new { input = Enumerable.Repeat("a", 2049) });

        Assert.Equal("input", (string?)error["param"]);
    }

    [Fact]
    public async Task An_unknown_model_is_a_404()
    {
        JsonNode error = await server.Client.OpenAiErrorAsync(404, Path, new { model = "gpt-9", input = "a" });

        Assert.Equal("model_not_found", (string?)error["code"]);
    }
}
