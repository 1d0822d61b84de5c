using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Runtime.Workers;

/// <summary>One worker from its start to its end, which always is a failure or the host's own wish.</summary>
internal sealed partial class WorkerRun(
    WorkerSpecification specification, IWorkerUser user, Observed<WorkerState> state, TimeProvider time, ILoggerFactory loggers)
{
    // When the connection breaks the process is ending; its exit code tells why.
    private static readonly TimeSpan ExitCodePatience = TimeSpan.FromSeconds(2);

    private readonly ILogger<WorkerRun> _logger = loggers.CreateLogger<WorkerRun>();
    private long _readyAt;

    /// <summary>How long the worker was ready.</summary>
    public TimeSpan ReadyFor => _readyAt == 0 ? TimeSpan.Zero : time.GetElapsedTime(_readyAt);

    /// <summary>Starts the worker, uses it, and returns why it ended. Its process has ended then.</summary>
    /// <exception cref="OperationCanceledException">The host wants no worker any more.</exception>
    public async Task<WorkerFailure> RunAsync(CancellationToken stopping)
    {
        long started = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(specification.LoadTimeout, time);
        using var loading = CancellationTokenSource.CreateLinkedTokenSource(stopping, timeout.Token);
        try
        {
            await using WorkerProcess worker = await WorkerProcess
                .StartAsync(specification.Launch(), specification.Model, specification.Engine, loggers, loading.Token).ConfigureAwait(false);
            state.Value = new WorkerState { Kind = ModelState.Loading, ProcessId = worker.Id, Restarts = state.Value.Restarts };
            LogStarted(specification.Model, worker.Id);
            WorkerFailure? told = null;
            try
            {
                await worker.WaitUntilListeningAsync(loading.Token).ConfigureAwait(false);
                using AsyncServerStreamingCall<WorkerStatus> watch = worker.Client.Watch(new WatchRequest(), cancellationToken: stopping);
                ModelDescription model = await LoadAsync(watch.ResponseStream, loading.Token).ConfigureAwait(false);
                timeout.CancelAfter(Timeout.InfiniteTimeSpan);
                _readyAt = time.GetTimestamp();
                state.Value = state.Value with { Kind = ModelState.Ready, Progress = 1, Description = model, Client = worker.Client };
                double seconds = time.GetElapsedTime(started, _readyAt).TotalSeconds;
                LogReady(specification.Model, model.Description, model.Backend, model.NativeVersion, model.ContextLength, seconds);
                if (model.Placement is { } placement)
                {
                    string devices = Describe(placement.Devices);
                    LogPlacement(specification.Model, placement.GpuLayers, placement.Layers, devices);
                }
                told = await UseAsync(worker, watch.ResponseStream, stopping).ConfigureAwait(false);
            }
            catch (Exception failure) when (failure is RpcException || (failure is OperationCanceledException && !loading.IsCancellationRequested))
            {
                // The connection broke, which gRPC reports as either: below.
            }
            stopping.ThrowIfCancellationRequested();
            return told ?? await EndOfAsync(worker).ConfigureAwait(false);
        }
        catch (WorkerFailedException failed)
        {
            return failed.Failure;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !stopping.IsCancellationRequested)
        {
            return new WorkerFailure(WorkerFailure.LoadTimeout, $"The model was not ready within {specification.LoadTimeout}.", WhileLoading: true);
        }
        catch (Exception unexpected) when (!stopping.IsCancellationRequested)
        {
            // Whatever goes wrong with one worker, the model gets another one.
            LogUnexpected(specification.Model, unexpected);
            return new WorkerFailure(WorkerFailure.WorkerLost, $"The host can't manage the worker: {unexpected.Message}", _readyAt == 0);
        }
    }

    private async Task<ModelDescription> LoadAsync(IAsyncStreamReader<WorkerStatus> statuses, CancellationToken cancellationToken)
    {
        while (await statuses.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            WorkerStatus status = statuses.Current;
            switch (status.StateCase)
            {
                case WorkerStatus.StateOneofCase.Loading:
                    state.Value = state.Value with { Progress = status.Loading.Progress };
                    break;
                case WorkerStatus.StateOneofCase.Ready:
                    return status.Ready.ToDescription();
                case WorkerStatus.StateOneofCase.Failed:
                    throw new WorkerFailedException(new WorkerFailure(status.Failed.Code, status.Failed.Message, WhileLoading: true));
                default:
                    throw new UnreachableException($"A worker's state of kind {status.StateCase}.");
            }
        }
        throw new RpcException(new Status(StatusCode.Unavailable, "The worker ended its status while loading."));
    }

    /// <summary>
    /// Lets the user have the worker until either or the connection ends. Returns what the worker itself said about its end, if anything.
    /// </summary>
    private async Task<WorkerFailure?> UseAsync(WorkerProcess worker, IAsyncStreamReader<WorkerStatus> statuses, CancellationToken stopping)
    {
        using var use = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task<WorkerFailure?> watching = WatchAsync(statuses, use.Token);
        Task working = user.UseAsync(worker.Client, use.Token);
        await Task.WhenAny(watching, working, worker.Exited).ConfigureAwait(false);
        await use.CancelAsync().ConfigureAwait(false);
        try
        {
            await working.ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is RpcException or OperationCanceledException)
        {
            // What breaks with the worker.
        }
        catch (Exception failure)
        {
            LogUseFailed(specification.Model, worker.Id, failure);
        }
        return await watching.ConfigureAwait(false);
    }

    private static async Task<WorkerFailure?> WatchAsync(IAsyncStreamReader<WorkerStatus> statuses, CancellationToken cancellationToken)
    {
        try
        {
            while (await statuses.MoveNext(cancellationToken).ConfigureAwait(false))
            {
                if (statuses.Current.Failed is { } failed)
                    return new WorkerFailure(WorkerFailure.WorkerLost, failed.Message, WhileLoading: false);
            }
        }
        catch (Exception failure) when (failure is RpcException or OperationCanceledException)
        {
            // It said nothing more.
        }
        return null;
    }

    private async Task<WorkerFailure> EndOfAsync(WorkerProcess worker)
    {
        await Task.WhenAny(worker.Exited, Task.Delay(ExitCodePatience, time)).ConfigureAwait(false);
        string how = worker.Exited.IsCompleted ? HowItEnded(await worker.Exited.ConfigureAwait(false)) : "no longer answers";
        bool whileLoading = _readyAt == 0;
        string why = worker.LastWords is { } words ? $": {words.TrimEnd('.')}" : "";
        return new WorkerFailure(WorkerFailure.WorkerLost, $"The worker {how}{(whileLoading ? " while loading the model" : "")}{why}.", whileLoading);
    }

    private static string Describe(IReadOnlyList<DevicePlacement> devices) => string.Join("; ", devices.Select(device => string.Create(
        CultureInfo.InvariantCulture,
        $"{device.Name} ({device.Description}, {device.FreeBytes >> 20} of {device.TotalBytes >> 20} MiB were free) has {device.Layers} layers: "
        + $"{device.WeightBytes >> 20} MiB of weights, {device.KvBytes >> 20} MiB of KV cache, {device.ComputeBytes >> 20} MiB of buffers")));

    private static string HowItEnded(int exitCode) => exitCode switch
    {
        WorkerExitCode.FatalEngine => "ended because its llama.cpp context failed",
        WorkerExitCode.BadStartup => "ended because it did not understand its start line",
        128 + 9 => "was killed (signal 9; the system does so when memory is short)",
        > 128 and <= 128 + 64 => $"died by signal {exitCode - 128}",
        _ => $"ended with exit code {exitCode}",
    };

    [LoggerMessage(Level = LogLevel.Information, Message = "Worker {ProcessId} started for model {Model}")]
    private partial void LogStarted(string model, int processId);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Model {Model} is ready after {Seconds:F1} s: {Description}, on {Backend}, llama.cpp {NativeVersion}, context {ContextLength}")]
    private partial void LogReady(string model, string description, string backend, string nativeVersion, int contextLength, double seconds);

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Model {Model} has {GpuLayers} of {Layers} layers on GPUs. {Devices}")]
    private partial void LogPlacement(string model, int gpuLayers, int layers, string devices);

    [LoggerMessage(Level = LogLevel.Error, Message = "Running a worker of model {Model} failed in the host")]
    private partial void LogUnexpected(string model, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The work on worker {ProcessId} of model {Model} failed in the host; the worker is replaced")]
    private partial void LogUseFailed(string model, int processId, Exception exception);
}
