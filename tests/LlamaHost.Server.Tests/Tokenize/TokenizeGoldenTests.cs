using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.Tokenize;

/// <summary>Token ids and texts over HTTP equal those of Hugging Face's tokenizers.</summary>
[Collection<DefaultServerCollection>]
public sealed class TokenizeGoldenTests(DefaultServer defaultServer, TinyServer tinyServer) : IClassFixture<TinyServer>
{
    private const int Texts = 103, Decodings = 30;

    [Theory]
    [InlineData("SmolLM2-135M-Instruct.Q4_1")]
    [InlineData("tiny-llama")]
    [InlineData("tiny-llama-spm")]
    [InlineData("tiny-t5")]
    public async Task Every_golden_text_becomes_its_token_ids(string model)
    {
        JsonNode[] cases = Golden("encode", model);
        Assert.Equal(Texts, cases.Length);

        foreach (JsonNode one in cases)
        {
            JsonNode answer = await Client(model).AskAsync("/tokenize", new { model, text = (string)one["text"]! });
            Assert.Equal(one["ids"]!.ToJsonString(), answer["token_ids"]!.ToJsonString());
            Assert.Equal(one["ids"]!.AsArray().Count, answer["tokens"]!.AsArray().Count);
        }
    }

    [Theory]
    [InlineData("SmolLM2-135M-Instruct.Q4_1")]
    [InlineData("tiny-llama")]
    [InlineData("tiny-llama-spm")]
    [InlineData("tiny-t5")]
    public async Task Every_golden_sequence_of_ids_becomes_its_text(string model)
    {
        JsonNode[] cases = [.. Golden("encode", model), .. Golden("decode", model)];
        Assert.Equal(Texts + Decodings, cases.Length);

        foreach (JsonNode one in cases)
        {
            JsonNode bare = await Client(model).AskAsync("/detokenize", new { model, token_ids = one["ids"] });
            JsonNode whole = await Client(model).AskAsync("/detokenize", new { model, token_ids = one["ids"], skip_special_tokens = false });
            Assert.Equal((string?)one["decoded"], (string?)bare["text"]);
            Assert.Equal((string?)one["decoded_with_special"], (string?)whole["text"]);
        }
    }

    private GenerateClient Client(string model) => model.StartsWith("tiny", StringComparison.Ordinal) ? tinyServer.Client : defaultServer.Client;

    private static JsonNode[] Golden(string part, string model)
    {
        using JsonDocument golden = RepositoryFiles.Golden("tokenizer");
        return [.. JsonNode.Parse(golden.RootElement.GetProperty(part).GetProperty(model + ".gguf").GetRawText())!.AsArray().Select(one => one!)];
    }
}
