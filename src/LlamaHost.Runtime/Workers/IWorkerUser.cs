using LlamaHost.Protocol;

namespace LlamaHost.Runtime.Workers;

/// <summary>What gives a model's workers their work.</summary>
internal interface IWorkerUser
{
    /// <summary>Uses the worker until the token is cancelled. Ends earlier, or throws, only if the worker no longer answers.</summary>
    Task UseAsync(ModelWorker.ModelWorkerClient worker, CancellationToken cancellationToken);

    /// <summary>A worker ended or could not be loaded. No other one is in use when this is called.</summary>
    void OnFailure(WorkerFailure failure);
}
