using LlamaHost.Runtime.Catalogue;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Runtime.Workers;

/// <summary>
/// Keeps one model's worker running from the first demand on. One that ends is started again, with growing delays. One whose model can't be
/// loaded is not, until the model's file changes or, after a while, a request asks for it.
/// </summary>
internal sealed partial class WorkerSupervisor : IAsyncDisposable
{
    /// <summary>A request makes a failed load be tried again only after this time.</summary>
    public static readonly TimeSpan RetryOnDemandAfter = TimeSpan.FromSeconds(10);

    /// <summary>How often the file of a model that failed is looked at.</summary>
    public static readonly TimeSpan FileCheckInterval = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LoadingRetryAfter = TimeSpan.FromSeconds(5);

    private readonly WorkerSpecification _specification;
    private readonly IWorkerUser _user;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger<WorkerSupervisor> _logger;
    private readonly Observed<WorkerState> _state = new(new WorkerState());
    private readonly SemaphoreSlim _demand = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _supervising;

    public WorkerSupervisor(WorkerSpecification specification, IWorkerUser user, TimeProvider time, ILoggerFactory loggers)
    {
        _specification = specification;
        _user = user;
        _time = time;
        _loggers = loggers;
        _logger = loggers.CreateLogger<WorkerSupervisor>();
        _supervising = SuperviseAsync(_stopping.Token);
    }

    /// <summary>Where the worker stands.</summary>
    public WorkerState State => _state.Value;

    /// <summary>Has the worker started, unless it runs or has just failed to load. Says whether its state will change for that.</summary>
    public bool Demand()
    {
        if (!IsStartable(State))
            return false;
        _demand.Release();
        return true;
    }

    /// <summary>Demands the worker and waits until it is ready, as long as a request may wait.</summary>
    /// <param name="lost">A ready state that turned out to be over: wait for another one.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ModelUnavailableException"><c>model_failed</c> or <c>model_loading</c>.</exception>
    public async Task<WorkerState> WaitUntilReadyAsync(WorkerState? lost, CancellationToken cancellationToken)
    {
        WorkerState before = State;
        if (Demand())
            lost = before;
        bool IsSettled(WorkerState state) =>
            !ReferenceEquals(state, lost) && (state.Kind == ModelState.Ready || state.Failure is { WhileLoading: true });
        if (IsSettled(before))
            return ReadyOrThrow(before);
        using var patience = new CancellationTokenSource(_specification.LoadWait, _time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token, _stopping.Token);
        try
        {
            return ReadyOrThrow(await _state.WaitAsync(IsSettled, waiting.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ReadyOrThrow(State);
        }
    }

    /// <summary>Ends the worker, if one runs.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _supervising.ConfigureAwait(false);
        _stopping.Dispose();
        _demand.Dispose();
    }

    private async Task SuperviseAsync(CancellationToken stopping)
    {
        try
        {
            await _demand.WaitAsync(stopping).ConfigureAwait(false);
            var delay = new RestartDelay();
            for (int restarts = 0; ; restarts++)
            {
                FileStamp stamp = FileStamp.Of(_specification.Engine.ModelPath);
                _state.Value = new WorkerState { Kind = ModelState.Loading, Restarts = restarts };
                var run = new WorkerRun(_specification, _user, _state, _time, _loggers);
                WorkerFailure failure = await run.RunAsync(stopping).ConfigureAwait(false);
                stopping.ThrowIfCancellationRequested();
                // Demands from before the failure do not count. Those after it come only once the state says so.
                while (_demand.Wait(0, stopping))
                {
                }
                _state.Value = new WorkerState { Kind = ModelState.Failed, Failure = failure, FailedAt = _time.GetTimestamp(), Restarts = restarts };
                _user.OnFailure(failure);
                if (failure.IsPermanent)
                {
                    LogNotLoaded(_specification.Model, failure.Code, failure.Message);
                    await UntilWorthAnotherTryAsync(stamp, stopping).ConfigureAwait(false);
                }
                else
                {
                    TimeSpan wait = delay.Next(run.ReadyFor);
                    LogLost(_specification.Model, failure.Message, wait.TotalSeconds);
                    await Task.Delay(wait, _time, stopping).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _state.Value = new WorkerState();
        }
    }

    private async Task UntilWorthAnotherTryAsync(FileStamp stamp, CancellationToken stopping)
    {
        while (FileStamp.Of(_specification.Engine.ModelPath) == stamp)
        {
            using var interval = new CancellationTokenSource(FileCheckInterval, _time);
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stopping, interval.Token);
            try
            {
                await _demand.WaitAsync(waiting.Token).ConfigureAwait(false);
                return;
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                // Time to look at the file.
            }
        }
    }

    private bool IsStartable(WorkerState state) =>
        state.Kind == ModelState.NotLoaded
        || (state.Failure is { IsPermanent: true } && _time.GetElapsedTime(state.FailedAt) >= RetryOnDemandAfter);

    private WorkerState ReadyOrThrow(WorkerState state)
    {
        if (state.Kind == ModelState.Ready)
            return state;
        if (state.Failure is { } failure)
        {
            string message = $"The model '{_specification.Model}' is not available: {failure.Message}";
            throw new ModelUnavailableException("model_failed", message, isOverload: false, RetryOnDemandAfter);
        }
        string reason = $"The model '{_specification.Model}' is still being loaded ({state.Progress * 100:F0}%).";
        throw new ModelUnavailableException("model_loading", reason, isOverload: false, LoadingRetryAfter);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Model {Model} can't be loaded ({Code}): {Reason}")]
    private partial void LogNotLoaded(string model, string code, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The worker of model {Model} is lost: {Reason} Another one starts in {Seconds:F1} s")]
    private partial void LogLost(string model, string reason, double seconds);
}
