using System.Diagnostics;
using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Runtime.Configuration;
using LlamaHost.Runtime.Generations;
using LlamaHost.Tests;
using Microsoft.Extensions.Options;

namespace LlamaHost.Runtime.Tests.Harness;

/// <summary>A runtime with real workers. Models compute exactly: F32 cache, no flash attention.</summary>
internal sealed class RuntimeHarness : IAsyncDisposable
{
    /// <summary>Sequences of a <see cref="LongRequest"/>.</summary>
    public const int LongSequences = 16;

    /// <summary>Tokens of all sequences of a <see cref="LongRequest"/>.</summary>
    public const int LongTokens = LongSequences * 400;

    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly HashSet<int> _killed = [];
    private int _requests;

    public RuntimeHarness(
        Action<RuntimeOptions>? configure = null, TimeProvider? time = null, string? modelPath = null,
        WorkerHeadStart? headStart = null)
    {
        _patience.CancelAfter(LongEnough);
        var options = new RuntimeOptions
        {
            ModelsFolder = "/nowhere",
            KvCacheTypeK = KvCacheType.F32,
            KvCacheTypeV = KvCacheType.F32,
            FlashAttention = FlashAttention.Off,
            Threads = 1,
            LoadWait = LongEnough,
        };
        options.Models.Add(new ModelOptions { Id = "tiny", Path = modelPath ?? RepositoryFiles.TinyModel("tiny-llama") });
        configure?.Invoke(options);
        Runtime = new InferenceRuntime(Options.Create(options), time ?? TimeProvider.System, Loggers, headStart);
    }

    public TestLoggers Loggers { get; } = new();

    public InferenceRuntime Runtime { get; }

    public ModelEntry Model => Runtime.Resolve(null);

    public ModelStatus Status => Runtime.Status(Model);

    /// <summary>Cancelled when the test takes too long.</summary>
    public CancellationToken Patience => _patience.Token;

    public async ValueTask DisposeAsync()
    {
        await Runtime.DisposeAsync();
        _patience.Dispose();
    }

    /// <summary>A greedy request that does not end before its length.</summary>
    public GenerationRequest Request(int newTokens = 20, int sequences = 1) => new()
    {
        Id = $"r{Interlocked.Increment(ref _requests)}",
        PromptTokens = [63, 94, 319, 614, 258, 253, 655],
        SequenceCount = sequences,
        Stop = new StopSettings { MaxNewTokens = newTokens, EosTokenIds = [] },
    };

    /// <summary>A request that keeps the worker busy for a while.</summary>
    public GenerationRequest LongRequest() => Request(newTokens: 400, sequences: LongSequences);

    public async Task<Generation> StartAsync(GenerationRequest request) => Assert.Single(await Runtime.StartAsync(Model, [request], Patience));

    /// <summary>Kills the worker as <c>kill -9</c> does.</summary>
    public void KillWorker() => Assert.True(TryKillWorker());

    /// <summary>Kills the worker if one is ready that has not been killed yet: the runtime may not have noticed.</summary>
    public bool TryKillWorker()
    {
        if (Status is not { State: ModelState.Ready, WorkerProcessId: { } id } || !_killed.Add(id))
            return false;
        using Process worker = Process.GetProcessById(id);
        worker.Kill();
        worker.WaitForExit();
        return true;
    }

    /// <summary>Waits until the condition holds.</summary>
    public Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    /// <summary>Waits until the condition holds.</summary>
    public async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(10), Patience);
    }

    public static bool Runs(int processId)
    {
        try
        {
            using Process process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
