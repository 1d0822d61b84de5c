using System.Numerics.Tensors;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Generation;
using LlamaHost.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaHost.Engine.Tests.Embeddings;

/// <summary>Embeddings by llama.cpp, with F32 weights and cache: what is computed differently differs by rounding alone.</summary>
public sealed class TinyModelEmbeddingTests
{
    // Of numbers of a vector of length 1. Measured: below 1e-6.
    private const float Tolerance = 1e-5f;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tiny-llama", EmbeddingPooling.Auto)]
    [InlineData("tiny-llama", EmbeddingPooling.Cls)]
    [InlineData("tiny-llama", EmbeddingPooling.Last)]
    [InlineData("tiny-llama-spm", EmbeddingPooling.Mean)]
    [InlineData("tiny-stablelm", EmbeddingPooling.Mean)]
    [InlineData("tiny-t5", EmbeddingPooling.Mean)]
    public async Task Texts_of_unequal_length_in_one_request_have_the_embeddings_that_each_has_alone(string model, EmbeddingPooling pooling)
    {
        await using EngineHarness harness = Load(model, pooling);
        var random = new Random(1);
        // Together more than a batch, and the longest alone several batches of a causal model.
        int[][] texts = [.. new[] { 1, 200, 3, 17, 64, 65, 2, 128, 31, 9, 9 }.Select(length => Tokens(random, length))];

        IReadOnlyList<float[]> together = await harness.Engine.EmbedAsync(texts, Cancelled);
        IReadOnlyList<float[]> reversed = await harness.Engine.EmbedAsync([.. texts.Reverse()], Cancelled);

        for (int i = 0; i < texts.Length; i++)
        {
            float[] alone = (await harness.Engine.EmbedAsync([texts[i]], Cancelled))[0];
            Assert.Equal(1, TensorPrimitives.Norm(alone), Tolerance);
            AssertEqual(alone, together[i]);
            AssertEqual(alone, reversed[texts.Length - 1 - i]);
            for (int j = 0; j < i; j++)
                Assert.True(pooling == EmbeddingPooling.Cls || TensorPrimitives.Dot<float>(together[i], together[j]) < 0.9999);
        }
    }

    [Fact]
    public async Task The_last_tokens_state_pooled_alone_is_that_of_a_text_cut_there()
    {
        await using EngineHarness last = Load("tiny-llama", EmbeddingPooling.Last);
        await using EngineHarness mean = Load("tiny-llama", EmbeddingPooling.Mean);
        int[] one = [417];

        // Of a single token, all poolings are the same.
        AssertEqual((await last.Engine.EmbedAsync([one], Cancelled))[0], (await mean.Engine.EmbedAsync([one], Cancelled))[0]);
    }

    [Fact]
    public async Task Generations_beside_embeddings_bring_the_same_tokens()
    {
        await using EngineHarness harness = Load("tiny-llama", EmbeddingPooling.Auto);
        GenerationRequest request = new() { Id = "alone", PromptTokens = [63, 94, 319, 614], Stop = new StopSettings { MaxNewTokens = 60 } };
        int[] alone = (await harness.GenerateAsync(request, Cancelled))[0].Ids;
        var random = new Random(2);

        Task<IReadOnlyList<float[]>> embeddings = harness.Engine.EmbedAsync([.. Enumerable.Range(1, 60).Select(i => Tokens(random, i))], Cancelled);
        IReadOnlyList<SequenceResult> beside = await harness.GenerateAsync(request with { Id = "beside" }, Cancelled);

        Assert.Equal(alone, beside[0].Ids);
        Assert.Equal(60, (await embeddings).Count);
    }

    [Fact]
    public async Task The_longest_text_that_the_context_holds_is_embedded_and_a_longer_one_refused()
    {
        await using EngineHarness harness = Load("tiny-llama", EmbeddingPooling.Auto);
        Assert.Equal(512, harness.Engine.Model.Embedding!.MaxTokens);
        Assert.Equal(64, harness.Engine.Model.Embedding.Length);
        Assert.Equal(EmbeddingPooling.Mean, harness.Engine.Model.Embedding.Pooling);

        int[] longest = Tokens(new Random(3), 512);

        Assert.Single(await harness.Engine.EmbedAsync([longest], Cancelled));
        await Assert.ThrowsAsync<InvalidRequestException>(() => harness.Engine.EmbedAsync([[.. longest, 1]], Cancelled));
    }

    private static int[] Tokens(Random random, int length) => [.. Enumerable.Range(0, length).Select(_ => random.Next(3, 600))];

    private static EngineHarness Load(string model, EmbeddingPooling pooling) => new(LlamaExecutor.Load(
        new EngineSettings
        {
            ModelPath = RepositoryFiles.TinyModel(model),
            MaxSequences = 8,
            BatchTokens = 64,
            Threads = 1,
            KvCacheTypeK = KvCacheType.F32,
            KvCacheTypeV = KvCacheType.F32,
            FlashAttention = FlashAttention.Off,
            EmbeddingPooling = pooling,
        },
        _ => { },
        NullLoggerFactory.Instance,
        CancellationToken.None));

    private static void AssertEqual(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], Tolerance);
    }
}
