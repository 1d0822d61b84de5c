using System.Text.Json;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Tests.Generation;
using LlamaHost.Engine.Text;
using LlamaHost.Tests;

namespace LlamaHost.Engine.Tests.Text;

/// <summary>Text streamed token by token equals Hugging Face's decoding of all tokens, for real vocabularies and any tokens.</summary>
public sealed class DetokenizerGoldenTests(TinyModels models)
{
    [Theory]
    [InlineData("tiny-llama")]
    [InlineData("tiny-llama-spm")]
    public void Streamed_text_equals_the_decoded_whole(string model) => Compare(models[model].Engine.Tokenizer, model + ".gguf");

    [Fact]
    public void Streamed_text_of_the_default_model_equals_the_decoded_whole()
    {
        using LlamaExecutor executor = TinyModels.Load(RepositoryFiles.DefaultModel);
        Compare(executor.Tokenizer, Path.GetFileName(RepositoryFiles.DefaultModel));
    }

    private static void Compare(ITokenizer tokenizer, string file)
    {
        using JsonDocument golden = RepositoryFiles.Golden("tokenizer");
        int compared = 0;
        foreach (string part in new[] { "encode", "decode" })
        {
            foreach (JsonElement one in golden.RootElement.GetProperty(part).GetProperty(file).EnumerateArray())
            {
                int[] ids = [.. one.GetProperty("ids").EnumerateArray().Select(token => token.GetInt32())];
                Assert.Equal(one.GetProperty("decoded").GetString(), Stream(tokenizer, ids, skipSpecial: true));
                Assert.Equal(one.GetProperty("decoded_with_special").GetString(), Stream(tokenizer, ids, skipSpecial: false));
                compared++;
            }
        }
        Assert.True(compared >= 20, $"{compared} texts");
    }

    private static string Stream(ITokenizer tokenizer, int[] tokens, bool skipSpecial)
    {
        var detokenizer = new StreamingDetokenizer(tokenizer, skipSpecial);
        return string.Concat(tokens.Select(detokenizer.Push)) + detokenizer.Flush();
    }
}
