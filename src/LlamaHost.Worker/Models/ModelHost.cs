using Grpc.Core;
using LlamaHost.Engine;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;
using LlamaHost.Worker.Hosting;

namespace LlamaHost.Worker.Models;

/// <summary>The worker's one model: loads it, and says how far it is.</summary>
internal sealed partial class ModelHost(
    EngineSettings settings, ExecutorLoader load, ExitProcess exit, TimeProvider time, ILoggerFactory loggers) : IDisposable
{
    private readonly ILogger<ModelHost> _logger = loggers.CreateLogger<ModelHost>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile InferenceEngine? _engine;

    /// <summary>Loading, then ready or failed. A failed one stays so that the host can ask why.</summary>
    public StatusFeed Status { get; } = new(LoadingAt(0));

    /// <summary>The engine, once the model is loaded.</summary>
    /// <exception cref="RpcException"><see cref="StatusCode.Unavailable"/>: it is not, or not yet.</exception>
    public InferenceEngine Engine =>
        _engine ?? throw new RpcException(new Status(StatusCode.Unavailable, "The model is not loaded; its status says why."));

    /// <summary>Starts loading, on a thread of its own: native code keeps it for seconds or minutes.</summary>
    public void StartLoading() => new Thread(Load) { Name = "model load", IsBackground = true }.Start();

    /// <summary>Gives up loading or computing. Completes when no native code runs any more; only once loading was started.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loaded.Task.ConfigureAwait(false);
        if (_engine is { } engine)
            await engine.DisposeAsync().ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    private void Load()
    {
        try
        {
            LoadOrFail();
        }
        finally
        {
            _loaded.SetResult();
        }
    }

    private void LoadOrFail()
    {
        long started = time.GetTimestamp();
        try
        {
            IModelExecutor executor = load(settings, ReportProgress(), loggers, _stopping.Token);
            var engine = new InferenceEngine(
                executor,
                time,
                loggers.CreateLogger<InferenceEngine>(),
                settings.Speculation,
                TimeSpan.FromMilliseconds(settings.InterTokenMilliseconds));
            _engine = engine;
            _ = EndWithAsync(engine);
            TimeSpan taken = time.GetElapsedTime(started);
            LogLoaded(settings.ModelPath, taken.TotalSeconds);
            Status.Publish(new WorkerStatus { Ready = engine.Model.ToMessage() });
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The process ends: nobody waits for the model.
        }
        catch (ModelLoadException exception)
        {
            Fail(exception.Code, exception);
        }
        catch (OutOfMemoryException exception)
        {
            Fail("out_of_memory", exception);
        }
#pragma warning disable CA1031 // Whatever went wrong, the host shall learn of it instead of waiting for a process that has nothing to do.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Fail("internal", exception);
        }
    }

    private void Fail(string code, Exception exception)
    {
        // The expected reasons are said in their message; only a surprise needs its stack.
        LogNotLoaded(code == "internal" ? exception : null, settings.ModelPath, exception.Message);
        Status.Publish(new WorkerStatus { Failed = new Failed { Code = code, Message = exception.Message } });
    }

    // One message per percent, however often the loader reports.
    private Action<float> ReportProgress()
    {
        int percent = 0;
        return progress =>
        {
            int reached = (int)(Math.Clamp(progress, 0, 1) * 100);
            if (reached <= percent)
                return;
            percent = reached;
            Status.Publish(LoadingAt(reached / 100f));
        };
    }

    // Without its engine the process is of no use, and another one may do better.
    private async Task EndWithAsync(InferenceEngine engine)
    {
        try
        {
            await engine.Events.Completion.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Any failure of the engine's thread ends it.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogEngineFailed(exception);
            exit(WorkerExitCode.FatalEngine);
        }
    }

    private static WorkerStatus LoadingAt(float progress) => new() { Loading = new Loading { Progress = progress } };

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded {Path} in {Seconds:0.0} s.")]
    private partial void LogLoaded(string path, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Could not load {Path}: {Reason}")]
    private partial void LogNotLoaded(Exception? exception, string path, string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The engine failed beyond repair; the worker ends.")]
    private partial void LogEngineFailed(Exception exception);
}
