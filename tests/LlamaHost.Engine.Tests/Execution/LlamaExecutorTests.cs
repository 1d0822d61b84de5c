using System.Numerics.Tensors;
using System.Text.Json;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaHost.Engine.Tests.Execution;

/// <summary>
/// The executor on real (tiny, F32) models, with an F32 KV cache and without flash attention: exact enough to compare with PyTorch.
/// </summary>
public sealed class LlamaExecutorTests
{
    // Measured: 4e-5. An error of position, mask or sharing moves log-probabilities by whole units.
    private const double Tolerance = 1e-3;

    [Theory]
    [InlineData("tiny-llama")]
    [InlineData("tiny-llama-spm")]
    [InlineData("tiny-stablelm")]
    public void Log_probabilities_of_a_text_are_those_of_Hugging_Face(string model)
    {
        using JsonDocument golden = RepositoryFiles.Golden("scoring");
        using LlamaExecutor executor = Load(model);
        var batch = new Batch(executor.BatchTokens);
        int cases = 0;

        foreach (JsonElement one in golden.RootElement.GetProperty("cases").EnumerateArray()
            .Where(one => one.GetProperty("model").GetString() == model + ".gguf"))
        {
            int[] ids = [.. one.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            JsonElement expected = one.GetProperty("token_logprobs");
            executor.Truncate(0, 0);
            Fill(batch, ids, slot: 0, from: 0, allOutputs: true);
            Assert.Equal(DecodeStatus.Success, executor.Decode(batch));
            for (int i = 1; i < ids.Length; i++)
                Assert.Equal(expected[i].GetDouble(), LogProbabilities(executor.Logits(i - 1))[ids[i]], Tolerance);
            JsonElement next = one.GetProperty("top")[ids.Length - 1];
            Assert.Equal(next[1][0].GetDouble(), LogProbabilities(executor.Logits(ids.Length - 1))[next[0][0].GetInt32()], Tolerance);
            cases++;
        }

        Assert.True(cases >= 3, $"{cases} cases");
    }

    [Fact]
    public void A_prompt_in_chunks_beside_another_sequence_gives_the_same_logits_as_alone()
    {
        using LlamaExecutor executor = Load("tiny-llama");
        var batch = new Batch(executor.BatchTokens);
        int[] prompt = [63, 94, 319, 614, 258, 253, 655];
        float[] alone = LogitsAfter(executor, batch, prompt, slot: 0);

        Fill(batch, [100, 200, 300], slot: 2, from: 0);
        AppendTo(batch, prompt[..3], slot: 1, from: 0);
        Assert.Equal(DecodeStatus.Success, executor.Decode(batch));
        batch.Clear();
        batch.Add(400, position: 3, slot: 2, output: true);
        AppendTo(batch, prompt[3..], slot: 1, from: 3);
        Assert.Equal(DecodeStatus.Success, executor.Decode(batch));

        AssertEqual(alone, executor.Logits(batch.Count - 1));
    }

    [Fact]
    public void A_fork_continues_from_the_shared_prompt()
    {
        using LlamaExecutor executor = Load("tiny-llama");
        var batch = new Batch(executor.BatchTokens);
        int[] prompt = [63, 94, 319, 614];
        float[] alone = LogitsAfter(executor, batch, [.. prompt, 258], slot: 5);
        LogitsAfter(executor, batch, [.. prompt, 7, 8, 9], slot: 0);

        executor.Fork(source: 0, target: 1, prompt.Length);
        executor.Truncate(0, 0);

        batch.Clear();
        batch.Add(258, prompt.Length, slot: 1, output: true);
        Assert.Equal(DecodeStatus.Success, executor.Decode(batch));
        AssertEqual(alone, executor.Logits(0));
    }

    [Fact]
    public void A_truncated_sequence_goes_on_as_if_the_rest_had_never_been()
    {
        using LlamaExecutor executor = Load("tiny-stablelm");
        var batch = new Batch(executor.BatchTokens);
        float[] alone = LogitsAfter(executor, batch, [63, 94, 319], slot: 3);
        LogitsAfter(executor, batch, [63, 94, 700, 701, 702], slot: 0);

        executor.Truncate(0, 2);

        batch.Clear();
        batch.Add(319, position: 2, slot: 0, output: true);
        Assert.Equal(DecodeStatus.Success, executor.Decode(batch));
        AssertEqual(alone, executor.Logits(0));
    }

    [Fact]
    public void A_full_cache_is_reported_and_changes_nothing()
    {
        using LlamaExecutor executor = Load("tiny-llama", kvCells: 256, batchTokens: 200);
        Assert.Equal(256, executor.Model.KvCells);
        var batch = new Batch(executor.BatchTokens);
        int[] prompt = [.. Enumerable.Range(3, 200)];
        LogitsAfter(executor, batch, prompt, slot: 0);

        Fill(batch, prompt[..57], slot: 1, from: 0);
        Assert.Equal(DecodeStatus.NoKvSlot, executor.Decode(batch));
        // One token less fits: nothing of the failed batch is left, and the whole cache can be used.
        Fill(batch, prompt[..56], slot: 1, from: 0);
        Assert.Equal(DecodeStatus.Success, executor.Decode(batch));
        // And the first sequence is whole.
        executor.Truncate(1, 0);
        batch.Clear();
        batch.Add(42, position: 200, slot: 0, output: true);
        Assert.Equal(DecodeStatus.Success, executor.Decode(batch));
        float[] continued = executor.Logits(0).ToArray();
        executor.Truncate(0, 0);
        LogitsAfter(executor, batch, prompt, slot: 0);
        batch.Clear();
        batch.Add(42, position: 200, slot: 0, output: true);
        Assert.Equal(DecodeStatus.Success, executor.Decode(batch));
        AssertEqual(continued, executor.Logits(0));
    }

    [Fact]
    public async Task An_abort_from_another_thread_ends_the_running_decode_and_the_executor_goes_on()
    {
        using LlamaExecutor executor = Load("tiny-llama", batchTokens: 512);
        var batch = new Batch(executor.BatchTokens);
        Fill(batch, [.. Enumerable.Repeat(63, 512)], slot: 0, from: 0);

        // However the two threads fall: an abort ends the decode that runs or the next one, so one of the decodes ends aborted.
        Task abort = Task.Run(executor.RequestAbort, TestContext.Current.CancellationToken);
        DecodeStatus status;
        int decodes = 0;
        do
        {
            executor.Truncate(0, 0);
            status = executor.Decode(batch);
            decodes++;
        }
        while (status == DecodeStatus.Success && decodes < 10_000);
        await abort;
        Assert.Equal(DecodeStatus.Aborted, status);

        executor.Truncate(0, 0);
        Assert.Equal(DecodeStatus.Success, executor.Decode(batch));
    }

    [Fact]
    public void An_abort_before_a_decode_ends_that_decode_alone()
    {
        using LlamaExecutor executor = Load("tiny-llama");
        var batch = new Batch(executor.BatchTokens);
        Fill(batch, [63, 94], slot: 0, from: 0);

        executor.RequestAbort();

        Assert.Equal(DecodeStatus.Aborted, executor.Decode(batch));
        Assert.Equal(DecodeStatus.Success, executor.Decode(batch));
    }

    [Theory]
    [InlineData(1024, 0)]
    [InlineData(-1, 0)]
    [InlineData(5, 8)]
    [InlineData(5, -1)]
    public void Tokens_and_slots_that_do_not_exist_are_refused_before_llama_cpp_sees_them(int token, int slot)
    {
        using LlamaExecutor executor = Load("tiny-llama");
        var batch = new Batch(executor.BatchTokens);
        batch.Add(token, position: 0, slot, output: true);

        Assert.Throws<ArgumentException>(() => executor.Decode(batch));
    }

    [Fact]
    public void A_batch_that_contradicts_the_cache_is_fatal()
    {
        using LlamaExecutor executor = Load("tiny-llama");
        var batch = new Batch(executor.BatchTokens);
        LogitsAfter(executor, batch, [63, 94, 319], slot: 0);
        batch.Clear();
        batch.Add(614, position: 7, slot: 0, output: true);

        FatalDecodeException error = Assert.Throws<FatalDecodeException>(() => executor.Decode(batch));

        Assert.Contains("llama_decode: -1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Logits_of_a_token_without_output_are_an_error()
    {
        using LlamaExecutor executor = Load("tiny-llama");
        var batch = new Batch(executor.BatchTokens);
        Fill(batch, [63, 94, 319], slot: 0, from: 0);
        executor.Decode(batch);

        Assert.Throws<ArgumentException>(() => executor.Logits(1));
        Assert.Throws<ArgumentException>(() => executor.Logits(-1));
        Assert.Throws<ArgumentException>(() => executor.Logits(3));
    }

    [Fact]
    public void The_description_tells_what_was_loaded()
    {
        List<float> progress = [];
        using LlamaExecutor executor = LlamaExecutor.Load(
            Settings("tiny-llama-spm"), progress.Add, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        ModelDescription model = executor.Model;

        Assert.Equal("llama", model.Architecture);
        Assert.Equal(768, model.VocabularySize);
        Assert.Equal(512, model.TrainedContextLength);
        Assert.Equal(512, model.ContextLength);
        Assert.Equal(512, model.KvCells);
        Assert.Equal([2], model.EosTokenIds);
        Assert.Equal(1, model.BosTokenId);
        Assert.Null(model.PadTokenId);
        Assert.True(model.ParameterCount > 10_000);
        Assert.Equal(model.ParameterCount * sizeof(float), model.SizeBytes);
        Assert.StartsWith("0.5.0", model.NativeVersion, StringComparison.Ordinal);
        Assert.Matches(@"^CPU \(libggml-cpu.*\.so.*\)$", model.Backend);
        Assert.Equal(1f, progress[^1]);
        Assert.Equal(progress.Order(), progress);
    }

    [Fact]
    public void The_context_is_as_long_as_asked_though_cells_come_in_blocks()
    {
        using LlamaExecutor executor = LlamaExecutor.Load(Settings("tiny-llama") with { ContextLength = 100 }, _ => { }, NullLoggerFactory.Instance,
            TestContext.Current.CancellationToken);

        Assert.Equal(100, executor.Model.ContextLength);
        Assert.Equal(256, executor.Model.KvCells);
    }

    private static EngineSettings Settings(string model) => new()
    {
        ModelPath = RepositoryFiles.TinyModel(model),
        MaxSequences = 8,
        // Threads that spin for each other are slow where tests share few cores.
        Threads = 1,
        KvCacheTypeK = KvCacheType.F32,
        KvCacheTypeV = KvCacheType.F32,
        FlashAttention = FlashAttention.Off,
    };

    private static LlamaExecutor Load(string model, int kvCells = 0, int batchTokens = 512) => LlamaExecutor.Load(
        Settings(model) with { KvCells = kvCells, BatchTokens = batchTokens }, _ => { }, NullLoggerFactory.Instance,
        TestContext.Current.CancellationToken);

    private static void Fill(Batch batch, int[] tokens, int slot, int from, bool allOutputs = false)
    {
        batch.Clear();
        AppendTo(batch, tokens, slot, from, allOutputs);
    }

    private static void AppendTo(Batch batch, int[] tokens, int slot, int from, bool allOutputs = false)
    {
        for (int i = 0; i < tokens.Length; i++)
            batch.Add(tokens[i], from + i, slot, output: allOutputs || i == tokens.Length - 1);
    }

    private static float[] LogitsAfter(LlamaExecutor executor, Batch batch, int[] tokens, int slot)
    {
        Fill(batch, tokens, slot, from: 0);
        Assert.Equal(DecodeStatus.Success, executor.Decode(batch));
        return executor.Logits(batch.Count - 1).ToArray();
    }

    private static void AssertEqual(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        var difference = new float[expected.Length];
        TensorPrimitives.Subtract(expected, actual, difference);
        Assert.InRange(TensorPrimitives.MaxMagnitude<float>(difference), -Tolerance, Tolerance);
    }

    private static double[] LogProbabilities(ReadOnlySpan<float> logits)
    {
        double max = TensorPrimitives.Max(logits);
        double sum = 0;
        foreach (float logit in logits)
            sum += Math.Exp(logit - max);
        double norm = max + Math.Log(sum);
        return [.. logits.ToArray().Select(logit => logit - norm)];
    }
}
