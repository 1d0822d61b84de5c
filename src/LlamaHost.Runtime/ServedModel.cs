using Grpc.Core;
using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;
using LlamaHost.Runtime.Embeddings;
using LlamaHost.Runtime.Generations;
using LlamaHost.Runtime.Workers;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Runtime;

/// <summary>A model that has been asked for: its worker and its open generations.</summary>
internal sealed class ServedModel : IAsyncDisposable
{
    private const int CallAttempts = 3;

    private static readonly TimeSpan LostRetryAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShutDownRetryAfter = TimeSpan.FromSeconds(30);

    private readonly WorkerSupervisor _worker;
    private readonly string _model;

    public ServedModel(WorkerSpecification specification, OpenGenerations generations, OpenEmbeddings embeddings, TimeProvider time,
        ILoggerFactory loggers)
    {
        Generations = generations;
        Embeddings = embeddings;
        _model = specification.Model;
        _worker = new WorkerSupervisor(specification, generations, time, loggers);
    }

    /// <summary>What is open.</summary>
    public OpenGenerations Generations { get; }

    /// <summary>Requests for embeddings that are open.</summary>
    public OpenEmbeddings Embeddings { get; }

    /// <summary>Where the worker stands.</summary>
    public ModelStatus Status => _worker.State.ToStatus();

    /// <summary>What it is doing.</summary>
    public ModelActivity Activity => Generations.Activity(_model) with { Placement = Status.Description?.Placement };

    /// <inheritdoc cref="WorkerSupervisor.Demand"/>
    public bool Demand() => _worker.Demand();

    /// <inheritdoc cref="WorkerSupervisor.WaitUntilReadyAsync"/>
    public async Task<ModelDescription> EnsureReadyAsync(CancellationToken cancellationToken)
    {
        WorkerState state = await _worker.WaitUntilReadyAsync(lost: null, cancellationToken).ConfigureAwait(false);
        return state.Description!;
    }

    /// <summary>Asks the worker something that changes nothing; if it dies over it, the next one is asked.</summary>
    /// <exception cref="ModelUnavailableException">The model is not there now.</exception>
    /// <exception cref="InvalidRequestException">The worker says that the question is wrong.</exception>
    public async Task<TReply> AskAsync<TReply>(
        Func<ModelWorker.ModelWorkerClient, CancellationToken, AsyncUnaryCall<TReply>> question, CancellationToken cancellationToken)
    {
        WorkerState? lost = null;
        for (int attempt = 1; ; attempt++)
        {
            WorkerState state = await _worker.WaitUntilReadyAsync(lost, cancellationToken).ConfigureAwait(false);
            try
            {
                using AsyncUnaryCall<TReply> call = question(state.Client!, cancellationToken);
                return await call.ResponseAsync.ConfigureAwait(false);
            }
            catch (RpcException wrong) when (wrong.StatusCode is StatusCode.InvalidArgument)
            {
                throw new InvalidRequestException("invalid_value", null, wrong.Status.Detail);
            }
            catch (RpcException refused) when (refused.StatusCode is StatusCode.FailedPrecondition)
            {
                throw new ModelUnavailableException("model_failed", refused.Status.Detail, isOverload: false, LostRetryAfter);
            }
            catch (Exception failure) when (IsLost(failure) && !cancellationToken.IsCancellationRequested)
            {
                if (attempt == CallAttempts)
                    throw new ModelUnavailableException("worker_lost", "The worker ended while it answered.", isOverload: false, LostRetryAfter);
                lost = state;
            }
        }
    }

    /// <summary>Takes no new requests.</summary>
    public void Close()
    {
        Generations.Close();
        Embeddings.Close();
    }

    /// <summary>Ends the worker, and what is open with an error.</summary>
    public async ValueTask DisposeAsync()
    {
        Close();
        await _worker.DisposeAsync().ConfigureAwait(false);
        Generations.FailAll(() =>
            new ModelUnavailableException(
                "shutting_down", "The server shut down before the generation ended.", isOverload: false, ShutDownRetryAfter));
    }

    // The channel of a worker that has been replaced is disposed.
    private static bool IsLost(Exception failure) => failure is ObjectDisposedException or OperationCanceledException
        or RpcException { StatusCode: StatusCode.Unavailable or StatusCode.Cancelled or StatusCode.Internal };
}
