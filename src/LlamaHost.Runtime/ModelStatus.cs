using LlamaHost.Engine.Requests;

namespace LlamaHost.Runtime;

/// <summary>Where a model's worker stands.</summary>
public enum ModelState
{
    /// <summary>Not started; the first use starts it.</summary>
    NotLoaded,

    /// <summary>The worker is starting or loading.</summary>
    Loading,

    /// <summary>It answers.</summary>
    Ready,

    /// <summary>It crashed or could not load; another try may be under way.</summary>
    Failed,
}

/// <summary>A model's state with what is known about it.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Progress">Loading progress, 0 to 1.</param>
/// <param name="Reason">Why it is not ready, in one sentence.</param>
/// <param name="Description">The loaded model, when ready.</param>
/// <param name="WorkerProcessId">The worker's process id, if one runs.</param>
/// <param name="Restarts">How often a worker was started again after the first.</param>
public sealed record ModelStatus(
    ModelState State, float Progress, string? Reason, ModelDescription? Description, int? WorkerProcessId, int Restarts);
