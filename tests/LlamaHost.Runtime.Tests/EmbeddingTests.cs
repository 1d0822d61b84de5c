using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Tests.Harness;

namespace LlamaHost.Runtime.Tests;

/// <summary>Embeddings through real workers.</summary>
public sealed class EmbeddingTests
{
    private const float Tolerance = 1e-5f;

    [Fact]
    public async Task Many_texts_have_the_embeddings_that_each_has_alone_in_their_order()
    {
        await using var harness = new RuntimeHarness();
        // More than a group, by number and by tokens.
        int[][] texts = [.. Enumerable.Range(0, 150).Select(Text)];

        IReadOnlyList<float[]> together = await harness.Runtime.EmbedAsync(harness.Model, texts, harness.Patience);

        Assert.Equal(texts.Length, together.Count);
        foreach (int i in new[] { 0, 1, 63, 64, 65, 127, 149 })
            AssertEqual((await harness.Runtime.EmbedAsync(harness.Model, [texts[i]], harness.Patience))[0], together[i]);
    }

    [Fact]
    public async Task A_killed_worker_changes_no_embedding()
    {
        await using var harness = new RuntimeHarness();
        int[][] texts = [.. Enumerable.Range(0, 300).Select(Text)];
        IReadOnlyList<float[]> undisturbed = await harness.Runtime.EmbedAsync(harness.Model, texts, harness.Patience);

        Task<IReadOnlyList<float[]>> disturbed = harness.Runtime.EmbedAsync(harness.Model, texts, harness.Patience);
        harness.KillWorker();

        foreach ((float[] expected, float[] actual) in undisturbed.Zip(await disturbed))
            AssertEqual(expected, actual);
        await harness.UntilAsync(() => harness.Status.Restarts == 1);
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_refused_and_not_cut()
    {
        await using var harness = new RuntimeHarness();

        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => harness.Runtime.EmbedAsync(harness.Model, [[1], new int[513]], harness.Patience));

        Assert.Contains("513", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("512", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_beyond_the_bound_are_turned_away_and_cancelled_ones_make_room()
    {
        await using var harness = new RuntimeHarness(options => options.MaxOpenSequences = 1);
        await harness.Runtime.EnsureReadyAsync(harness.Model, harness.Patience);
        using var cancellation = new CancellationTokenSource();
        int[][] many = [.. Enumerable.Repeat(Text(499), 2000)];
        Task<IReadOnlyList<float[]>> first = harness.Runtime.EmbedAsync(harness.Model, many, cancellation.Token);

        ModelUnavailableException refusal = await Assert.ThrowsAsync<ModelUnavailableException>(
            () => harness.Runtime.EmbedAsync(harness.Model, [[1]], harness.Patience));
        await cancellation.CancelAsync();

        Assert.Equal(("queue_full", true), (refusal.Code, refusal.IsOverload));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Single(await harness.Runtime.EmbedAsync(harness.Model, [[1]], harness.Patience));
    }

    [Fact]
    public async Task A_closed_host_takes_no_more()
    {
        await using var harness = new RuntimeHarness();
        harness.Runtime.Close();

        ModelUnavailableException refusal = await Assert.ThrowsAsync<ModelUnavailableException>(
            () => harness.Runtime.EmbedAsync(harness.Model, [[1]], harness.Patience));

        Assert.Equal("shutting_down", refusal.Code);
    }

    [Fact]
    public async Task The_pooling_is_what_the_configuration_says()
    {
        await using var harness = new RuntimeHarness(options => options.EmbeddingPooling = EmbeddingPooling.Last);

        ModelDescription model = await harness.Runtime.EnsureReadyAsync(harness.Model, harness.Patience);

        Assert.Equal(new EmbeddingDescription { Length = 64, Pooling = EmbeddingPooling.Last, MaxTokens = 512 }, model.Embedding);
        Assert.True(model.CanGenerate);
    }

    private static int[] Text(int seed) => [.. Enumerable.Range(0, 1 + (seed * 37 % 200)).Select(i => 3 + ((seed * 31) + (i * 17)) % 900)];

    private static void AssertEqual(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], Tolerance);
    }
}
