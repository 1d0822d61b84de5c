using LlamaHost.Engine.Requests;

namespace LlamaHost.Protocol.Sessions;

/// <summary>A session's message to the host (<c>StepMessage</c>): what an engine step brought, or a request that was refused.</summary>
/// <param name="Sequences">One entry per sequence that gained tokens or ended.</param>
public sealed record SessionStep(IReadOnlyList<SequenceEvent> Sequences)
{
    /// <summary>Requests that the engine did not take; no sequence of theirs brings any event.</summary>
    public IReadOnlyList<Refusal> Refusals { get; init; } = [];

    /// <summary>What the engine is doing, if it is time to say it.</summary>
    public EngineLoad? Load { get; init; }
}
