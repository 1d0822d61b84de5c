using System.Numerics.Tensors;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Execution.Threads;
using LlamaHost.Engine.Requests;
using LlamaHost.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaHost.Engine.Tests.Execution.Threads;

/// <summary>The executor with threads that adapt, to a clock that makes them change often.</summary>
public sealed class AdaptiveThreadsTests
{
    [Fact]
    public void Threads_that_come_and_go_choose_the_same_tokens()
    {
        using LlamaExecutor pinned = Load(threads: 1, TimeProvider.System);
        using LlamaExecutor adaptive = Load(threads: 0, new ErraticTime());

        HashSet<int> used = [];
        int[] expected = Continue(pinned, []);
        int[] actual = Continue(adaptive, used);

        Assert.Equal(expected, actual);
        // With one core there is nothing to choose.
        Assert.Equal(Math.Min(2, ProcessorCores.Count), Math.Min(2, used.Count));
        Assert.Equal((1, 1), pinned.Threads);
    }

    private static int[] Continue(LlamaExecutor executor, HashSet<int> used)
    {
        int[] tokens = [63, 94, 319, 614, 258];
        var batch = new Batch(executor.BatchTokens);
        for (int i = 0; i < tokens.Length; i++)
            batch.Add(tokens[i], i, slot: 0, output: i == tokens.Length - 1);
        List<int> chosen = [];
        for (int position = tokens.Length; position < 150; position++)
        {
            Assert.Equal(DecodeStatus.Success, executor.Decode(batch));
            used.Add(executor.Threads.Decode);
            chosen.Add(TensorPrimitives.IndexOfMax<float>(executor.Logits(batch.Count - 1)));
            batch.Clear();
            batch.Add(chosen[^1], position, slot: 0, output: true);
        }
        return [.. chosen];
    }

    private static LlamaExecutor Load(int threads, TimeProvider time) => LlamaLoader.Load(
        new EngineSettings
        {
            ModelPath = RepositoryFiles.TinyModel("tiny-llama"),
            MaxSequences = 2,
            Threads = threads,
            KvCacheTypeK = KvCacheType.F32,
            KvCacheTypeV = KvCacheType.F32,
            FlashAttention = FlashAttention.Off,
        },
        _ => { },
        NullLoggerFactory.Instance,
        time,
        TestContext.Current.CancellationToken);

    /// <summary>Each step takes another time, whatever it took.</summary>
    private sealed class ErraticTime : TimeProvider
    {
        private readonly Random _random = new(1);
        private long _now;

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => _now += _random.Next(1, 10_000);
    }
}
