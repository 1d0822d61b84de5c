using System.Numerics.Tensors;
using System.Text.Json;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Generation;
using LlamaHost.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaHost.Engine.Tests.Embeddings;

/// <summary>
/// Embeddings equal those of llama-server of the same llama.cpp version, which pools in the computation's graph (recorded by
/// <c>tests/llama-server/record-embeddings.mjs</c>, each text alone: that it does right).
/// </summary>
public sealed class LlamaServerEmbeddingTests
{
    // Cosine. What is computed in F32 differs in the last digits; a quantised model's rounding differs between processors.
    private const double ExactCosine = 0.999999;
    private const double QuantizedCosine = 0.9999;

    private const string Quantized = "SmolLM2-135M-Instruct.Q4_1";

    [Theory]
    [InlineData("tiny-llama", "mean", 3)]
    [InlineData("tiny-llama", "cls", 3)]
    [InlineData("tiny-llama", "last", 3)]
    [InlineData("tiny-stablelm", "mean", 3)]
    [InlineData(Quantized, "mean", 2)]
    public async Task Embeddings_equal_those_of_llama_server(string model, string pooling, int count)
    {
        using var recorded = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryFiles.Root, "tests", "llama-server", "embeddings.json")));
        JsonElement[] cases =
        [
            .. recorded.RootElement.GetProperty("cases").EnumerateArray()
                .Where(one => one.GetProperty("model").GetString() == model && one.GetProperty("pooling").GetString() == pooling),
        ];
        await using EngineHarness harness = Load(model, Enum.Parse<EmbeddingPooling>(pooling, ignoreCase: true));
        IReadOnlyList<int>[] texts = [.. cases.Select(one => Tokens(one.GetProperty("input"), harness.Engine.Tokenizer))];

        IReadOnlyList<float[]> embeddings = await harness.Engine.EmbedAsync(texts, TestContext.Current.CancellationToken);

        Assert.Equal(count, cases.Length);
        for (int i = 0; i < cases.Length; i++)
        {
            Assert.Equal(cases[i].GetProperty("tokens").GetInt32(), texts[i].Count);
            float[] expected = [.. cases[i].GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle())];
            Assert.Equal(expected.Length, embeddings[i].Length);
            Assert.InRange(
                TensorPrimitives.CosineSimilarity<float>(expected, embeddings[i]), model == Quantized ? QuantizedCosine : ExactCosine, 1.000001);
        }
    }

    private static int[] Tokens(JsonElement input, ITokenizer tokenizer) => input.ValueKind == JsonValueKind.String
        ? tokenizer.Tokenize(input.GetString()!, addSpecial: true, parseSpecial: false)
        : [.. input.EnumerateArray().Select(token => token.GetInt32())];

    private static EngineHarness Load(string model, EmbeddingPooling pooling)
    {
        bool isExact = model != Quantized;
        var settings = new EngineSettings
        {
            ModelPath = isExact ? RepositoryFiles.TinyModel(model) : RepositoryFiles.DefaultModel,
            ContextLength = 512,
            Threads = 1,
            KvCacheTypeK = isExact ? KvCacheType.F32 : KvCacheType.F16,
            KvCacheTypeV = isExact ? KvCacheType.F32 : KvCacheType.F16,
            FlashAttention = isExact ? FlashAttention.Off : FlashAttention.Auto,
            EmbeddingPooling = pooling,
        };
        return new EngineHarness(LlamaExecutor.Load(settings, _ => { }, NullLoggerFactory.Instance, TestContext.Current.CancellationToken));
    }
}
