using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Generation;

/// <summary>A request that the engine works on: what its sequences have in common.</summary>
/// <param name="request">Valid.</param>
/// <param name="model">The model that continues it.</param>
/// <param name="submitted">Timestamp of its arrival.</param>
internal sealed class EngineRequest(GenerationRequest request, ModelDescription model, long submitted)
{
    public GenerationRequest Request { get; } = request;

    /// <summary>End-of-sequence ids in force.</summary>
    public int[] EosTokens { get; } = [.. request.Stop.EosTokenIds ?? model.EosTokenIds];

    public long Submitted { get; } = submitted;

    /// <summary>When its first token was first put into a batch, or 0.</summary>
    public long Started { get; set; }

    /// <summary>Sequences that have not ended.</summary>
    public List<EngineSequence> Open { get; } = [];
}
