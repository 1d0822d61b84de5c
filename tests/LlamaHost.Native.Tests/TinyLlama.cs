using LlamaHost.Tests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaHost.Native.Tests;

/// <summary>A tiny model in memory, for one test.</summary>
internal sealed class TinyLlama : IDisposable
{
    public TinyLlama(string name = "tiny-llama", ILogger? logger = null)
    {
        Runtime = LlamaRuntime.Open(folder: null, logger ?? NullLogger.Instance);
        Model = LlamaModel.Load(Runtime, RepositoryFiles.TinyModel(name), new LlamaModelOptions(), progress: null, CancellationToken.None);
    }

    public LlamaRuntime Runtime { get; }

    public LlamaModel Model { get; }

    /// <summary>An exact cache, one thread (tiny models are no work for two), small batches.</summary>
    public static LlamaContextOptions Exact { get; } = new()
    {
        ContextLength = 256,
        BatchTokens = 64,
        MicroBatchTokens = 64,
        MaxSequences = 4,
        Threads = 1,
        KeyType = GgmlType.F32,
        ValueType = GgmlType.F32,
        FlashAttention = false,
        UnifiedKvCache = true,
    };

    public LlamaContext NewContext(LlamaContextOptions? options = null) => new(Model, options ?? Exact);

    /// <summary>Decodes tokens of a sequence and returns the logits after the last.</summary>
    public static float[] Decode(LlamaContext context, ReadOnlySpan<int> tokens, int from = 0, int sequence = 0)
    {
        var batch = new LlamaBatch(tokens.Length);
        for (int i = 0; i < tokens.Length; i++)
            batch.Add(tokens[i], from + i, sequence, output: i == tokens.Length - 1);
        Assert.Equal(0, context.Decode(batch));
        return context.Logits(tokens.Length - 1).ToArray();
    }

    public void Dispose()
    {
        Model.Dispose();
        Runtime.Dispose();
    }
}

/// <summary>Keeps what is logged.</summary>
internal sealed class CollectingLogger : ILogger
{
    private readonly Lock _gate = new();
    private readonly List<(LogLevel Level, string Message)> _entries = [];

    public IReadOnlyList<(LogLevel Level, string Message)> Entries
    {
        get
        {
            lock (_gate)
                return [.. _entries];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_gate)
            _entries.Add((logLevel, formatter(state, exception)));
    }
}
