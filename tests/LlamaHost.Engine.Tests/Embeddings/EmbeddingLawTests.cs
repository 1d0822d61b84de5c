using CsCheck;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Fakes;
using LlamaHost.Engine.Tests.Generation;

namespace LlamaHost.Engine.Tests.Embeddings;

/// <summary>What holds for any texts, on an executor that counts cells exactly.</summary>
public sealed class EmbeddingLawTests
{
    private const int Length = 5;
    private const int Longest = 24;
    private const double Tolerance = 1e-6;

    private static readonly Gen<int[]> Text = Gen.Int[0, 60].Array[1, Longest];

    private static readonly Gen<EmbeddingPooling> Pooling = Gen.Int[1, 3].Select(value => (EmbeddingPooling)value);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_text_has_the_embedding_that_it_has_alone_whatever_the_others_and_the_batches_are() =>
        await Gen.Select(
                Text.Array[1, 6].Array[1, 4], Pooling, Gen.Int[1, 4], Gen.Int[1, 40], Gen.Int[Longest, 60], Gen.Bool)
            .SampleAsync(async (jobs, pooling, slots, batchTokens, cells, isWhole) =>
            {
                var embeddings = new ScriptedEmbeddings(Length, slots, isWhole ? Math.Max(Longest, batchTokens) : batchTokens, cells, isWhole);
                await using EngineHarness harness = Harness(embeddings, pooling);

                IReadOnlyList<float[]>[] answers = await Task.WhenAll(jobs.Select(job => harness.Engine.EmbedAsync(job, Cancelled)));

                for (int i = 0; i < jobs.Length; i++)
                {
                    Assert.Equal(jobs[i].Length, answers[i].Count);
                    for (int j = 0; j < jobs[i].Length; j++)
                        AssertEqual(embeddings.Expected(jobs[i][j], pooling), answers[i][j]);
                }
                Assert.Equal(0, embeddings.UsedCells);
            }, iter: 200, threads: 1);

    [Fact]
    public async Task Stopped_batches_are_computed_again() =>
        await Gen.Select(Text.Array[1, 6], Pooling, Gen.Int[1, 16]).SampleAsync(async (texts, pooling, batchTokens) =>
        {
            int batches = 0;
            var embeddings = new ScriptedEmbeddings(Length, slots: 3, batchTokens, cells: 60) { Inject = _ => batches++ != 1 };
            await using EngineHarness harness = Harness(embeddings, pooling);

            IReadOnlyList<float[]> answers = await harness.Engine.EmbedAsync(texts, Cancelled);

            for (int i = 0; i < texts.Length; i++)
                AssertEqual(embeddings.Expected(texts[i], pooling), answers[i]);
        }, iter: 100, threads: 1);

    [Fact]
    public async Task Generations_beside_them_bring_the_same_tokens()
    {
        int[] prompt = [5, 6, 7];
        var embeddings = new ScriptedEmbeddings(Length, slots: 2, batchTokens: 8, cells: 64);
        await using EngineHarness harness = Harness(embeddings, EmbeddingPooling.Mean);
        int[][] texts = [.. Enumerable.Range(1, 40).Select(length => Enumerable.Repeat(length, 1 + (length % Longest)).ToArray())];

        Task<IReadOnlyList<float[]>> embedding = harness.Engine.EmbedAsync(texts, Cancelled);
        IReadOnlyList<SequenceResult> generated = await harness.GenerateAsync(
            new GenerationRequest { Id = "a", PromptTokens = prompt, Stop = new StopSettings { MaxNewTokens = 40 } }, Cancelled);

        Assert.Equal(texts.Length, (await embedding).Count);
        Assert.Equal(ScriptedExecutor.Continue(prompt, 40), generated[0].Ids);
    }

    [Fact]
    public async Task Cancelled_texts_are_not_computed_and_others_go_on()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var embeddings = new ScriptedEmbeddings(Length, slots: 1, batchTokens: 8, cells: 24);
        embeddings.Inject = _ =>
        {
            if (embeddings.Batches.Count == 2)
                cancellation.Cancel();
            return true;
        };
        await using EngineHarness harness = Harness(embeddings, EmbeddingPooling.Mean);

        int[][] many = [.. Enumerable.Repeat(new[] { 1, 2, 3, 4, 5, 6, 7, 8 }, 50)];
        Task<IReadOnlyList<float[]>> unwanted = harness.Engine.EmbedAsync(many, cancellation.Token);
        Task<IReadOnlyList<float[]>> wanted = harness.Engine.EmbedAsync([[9, 8]], Cancelled);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => unwanted);
        AssertEqual(embeddings.Expected([9, 8], EmbeddingPooling.Mean), (await wanted)[0]);
        Assert.InRange(embeddings.Batches.Count, 3, 4);
        Assert.Equal(0, embeddings.UsedCells);
    }

    [Fact]
    public async Task Who_waits_is_told_when_the_engine_ends()
    {
        var embeddings = new ScriptedEmbeddings(Length, slots: 1, batchTokens: 8, cells: 24);
        embeddings.Inject = _ => throw new FatalDecodeException("broken");
        await using EngineHarness harness = Harness(embeddings, EmbeddingPooling.Mean);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => harness.Engine.EmbedAsync([[1, 2]], Cancelled));
    }

    [Fact]
    public async Task Without_memory_for_them_there_is_a_reason_and_generation_goes_on()
    {
        await using EngineHarness harness = Harness(null, EmbeddingPooling.Mean);

        ModelLoadException failure = await Assert.ThrowsAsync<ModelLoadException>(() => harness.Engine.EmbedAsync([[1, 2]], Cancelled));

        Assert.Equal("out_of_memory", failure.Code);
        IReadOnlyList<SequenceResult> generated = await harness.GenerateAsync(
            new GenerationRequest { Id = "a", PromptTokens = [5], Stop = new StopSettings { MaxNewTokens = 3 } }, Cancelled);
        Assert.Equal(ScriptedExecutor.Continue([5], 3), generated[0].Ids);
    }

    [Theory]
    [InlineData(new int[0], "empty_prompt")]
    [InlineData(new[] { 61 }, "invalid_token_id")]
    [InlineData(new[] { -1 }, "invalid_token_id")]
    public async Task A_text_that_native_code_must_not_see_is_refused(int[] text, string code)
    {
        await using EngineHarness harness = Harness(new ScriptedEmbeddings(Length, 1, 8, Longest), EmbeddingPooling.Mean);

        InvalidRequestException refusal =
            await Assert.ThrowsAsync<InvalidRequestException>(() => harness.Engine.EmbedAsync([[1], text], Cancelled));

        Assert.Equal(code, refusal.Code);
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_refused_with_both_numbers()
    {
        await using EngineHarness harness = Harness(new ScriptedEmbeddings(Length, 1, 8, Longest), EmbeddingPooling.Mean);

        InvalidRequestException refusal =
            await Assert.ThrowsAsync<InvalidRequestException>(() => harness.Engine.EmbedAsync([new int[Longest + 1]], Cancelled));

        Assert.Equal("context_length_exceeded", refusal.Code);
        Assert.Contains("25", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("24", refusal.Message, StringComparison.Ordinal);
    }

    private static EngineHarness Harness(ScriptedEmbeddings? embeddings, EmbeddingPooling pooling)
    {
        var description = new EmbeddingDescription { Length = Length, Pooling = pooling, MaxTokens = Longest };
        return new EngineHarness(new ScriptedExecutor(embedding: description) { Embeddings = embeddings });
    }

    private static void AssertEqual(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], Tolerance);
    }
}
