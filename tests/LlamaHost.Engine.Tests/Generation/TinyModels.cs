using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Generation;
using LlamaHost.Tests;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(TinyModels))]

namespace LlamaHost.Engine.Tests.Generation;

/// <summary>Engines on the tiny models, computed as exactly as llama.cpp can: F32 KV cache, no flash attention.</summary>
public sealed class TinyModels : IAsyncLifetime
{
    private readonly Dictionary<string, EngineHarness> _harnesses = [];

    internal EngineHarness this[string name] => _harnesses[name];

    public static LlamaExecutor Load(string path, int kvCells = 1024, int maxSequences = 8, int batchTokens = 64) => LlamaExecutor.Load(
        new EngineSettings
        {
            ModelPath = path,
            KvCells = kvCells,
            MaxSequences = maxSequences,
            BatchTokens = batchTokens,
            Threads = 1,
            KvCacheTypeK = KvCacheType.F32,
            KvCacheTypeV = KvCacheType.F32,
            FlashAttention = FlashAttention.Off,
        },
        _ => { },
        NullLoggerFactory.Instance,
        CancellationToken.None);

    public ValueTask InitializeAsync()
    {
        foreach (string name in new[] { "tiny-llama", "tiny-llama-spm", "tiny-stablelm", "tiny-t5" })
            _harnesses[name] = new EngineHarness(Load(RepositoryFiles.TinyModel(name)));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (EngineHarness harness in _harnesses.Values)
            await harness.DisposeAsync();
    }
}
