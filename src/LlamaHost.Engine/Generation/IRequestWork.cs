using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Scheduling;

namespace LlamaHost.Engine.Generation;

/// <summary>
/// How a request's logits become tokens (independent sequences, a beam search), or what they say of given ones. Called from the engine's thread.
/// </summary>
internal interface IRequestWork
{
    /// <summary>No sequence of the request is open.</summary>
    bool HasEnded { get; }

    /// <summary>Gives the scheduler what there is to compute.</summary>
    void Start(Scheduler scheduler, StepResults results);

    /// <summary>Uses the logits after a sequence's last known token; called for each position in order where those of several are wanted.</summary>
    void Sample(SchedulableSequence sequence, ReadOnlySpan<float> logits, RowSampler sampler, Scheduler scheduler, StepResults results);

    /// <summary>Ends whatever is open.</summary>
    void Abandon(FinishReason reason, string? error, Scheduler scheduler, StepResults results);
}

/// <summary>A sequence of a request.</summary>
internal interface IRequestSequence
{
    /// <summary>The request.</summary>
    EngineRequest Request { get; }
}
