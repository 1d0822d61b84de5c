namespace LlamaHost.Runtime.Workers;

/// <summary>Why a worker is not there (any more).</summary>
/// <param name="Code">Stable: a code of the worker's own (<c>model_not_found</c>, …) or one of those below.</param>
/// <param name="Message">One sentence.</param>
/// <param name="WhileLoading">It never became ready.</param>
internal sealed record WorkerFailure(string Code, string Message, bool WhileLoading)
{
    /// <summary>The process ended or no longer answers.</summary>
    public const string WorkerLost = "worker_lost";

    /// <summary>It was not ready in time.</summary>
    public const string LoadTimeout = "load_timeout";

    private const string OutOfMemory = "out_of_memory";

    /// <summary>
    /// Another try would end the same way as long as nothing changes, so it is left to a changed file or a request. Not so a crash, which may
    /// have been bad luck, and memory, which may become free by itself.
    /// </summary>
    public bool IsPermanent => Code is not (WorkerLost or OutOfMemory);
}

/// <summary>Carries a <see cref="WorkerFailure"/> to where the worker was started.</summary>
internal sealed class WorkerFailedException(WorkerFailure failure) : Exception(failure.Message)
{
    public WorkerFailure Failure { get; } = failure;

    /// <summary>There is no process at all.</summary>
    public static WorkerFailedException Unstartable(string message) => new(new WorkerFailure("worker_unstartable", message, WhileLoading: true));
}
