using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Tokenize;

public sealed class TokenizeTests(TinyServer server) : IClassFixture<TinyServer>
{
    [Fact]
    public async Task Tokens_are_shown_as_they_stand_in_the_text()
    {
        JsonNode answer = await server.Client.AskAsync("/tokenize", new { text = "Once upon a <|im_end|>" });

        Assert.Equal("tiny-llama", (string?)answer["model"]);
        Assert.Equal("Once upon a <|im_end|>", string.Concat(answer["tokens"]!.AsArray().Select(one => (string)one!)));
        Assert.Equal(2, (int)answer["token_ids"]!.AsArray()[^1]!);
    }

    [Fact]
    public async Task Tokens_that_the_tokenizer_adds_can_be_left_out()
    {
        JsonNode with = await server.Client.AskAsync("/tokenize", new { model = "tiny-llama-spm", text = "the" });
        JsonNode without = await server.Client.AskAsync("/tokenize", new { model = "tiny-llama-spm", text = "the", add_special_tokens = false });

        Assert.Equal(1, (int)with["token_ids"]![0]!);
        Assert.Equal(with["token_ids"]!.AsArray().Skip(1).Select(one => (int)one!), without["token_ids"]!.AsArray().Select(one => (int)one!));
    }

    [Theory]
    [InlineData("/tokenize", "missing_field", "text", "{}")]
    [InlineData("/tokenize", "wrong_type", "text", """{"text": ["a"]}""")]
    [InlineData("/tokenize", "unknown_field", "content", """{"content": "a"}""")]
    [InlineData("/tokenize", "model_not_found", "model", """{"text": "a", "model": "nobody"}""")]
    [InlineData("/detokenize", "missing_field", "token_ids", "{}")]
    [InlineData("/detokenize", "out_of_range", "token_ids", """{"token_ids": [1, 1024]}""")]
    [InlineData("/detokenize", "out_of_range", "token_ids", """{"token_ids": [-1]}""")]
    [InlineData("/detokenize", "wrong_type", "token_ids", """{"token_ids": "1"}""")]
    [InlineData("/detokenize", "unknown_field", "tokens", """{"tokens": [1]}""")]
    public async Task What_can_not_be_converted_is_refused_by_code_and_field(string path, string code, string field, string body)
    {
        JsonNode refusal = await server.Client.RefusalAsync(path, body);

        Assert.Equal((code, field), ((string?)refusal["code"], (string?)refusal["field"]));
    }
}
