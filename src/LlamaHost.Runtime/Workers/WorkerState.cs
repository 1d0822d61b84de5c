using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;

namespace LlamaHost.Runtime.Workers;

/// <summary>Where a model's worker stands, and what belongs to it then.</summary>
internal sealed record WorkerState
{
    public ModelState Kind { get; init; } = ModelState.NotLoaded;

    /// <summary>Loading progress, 0 to 1.</summary>
    public float Progress { get; init; }

    /// <summary>Set if and only if <see cref="ModelState.Failed"/>.</summary>
    public WorkerFailure? Failure { get; init; }

    /// <summary>When it failed, as <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public long FailedAt { get; init; }

    /// <summary>Set if and only if <see cref="ModelState.Ready"/>.</summary>
    public ModelDescription? Description { get; init; }

    /// <summary>Set if and only if <see cref="ModelState.Ready"/>.</summary>
    public ModelWorker.ModelWorkerClient? Client { get; init; }

    /// <summary>Of the running worker.</summary>
    public int? ProcessId { get; init; }

    /// <summary>How many workers were started after the first.</summary>
    public int Restarts { get; init; }

    /// <summary>As seen from outside.</summary>
    public ModelStatus ToStatus() => new(Kind, Progress, Reason(), Description, ProcessId, Restarts);

    private string? Reason() => Kind switch
    {
        ModelState.NotLoaded => "The model has not been asked for yet.",
        ModelState.Loading => FormattableString.Invariant($"The model is being loaded ({Progress * 100:F0}%)."),
        ModelState.Failed => Failure!.Message,
        _ => null,
    };
}
