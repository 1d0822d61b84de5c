using LlamaHost.Engine.Execution;

namespace LlamaHost.Engine.Generation;

/// <summary>
/// Lets the requests of an encoder-decoder model through one after the other, in the order of their arrival: llama.cpp keeps the output of one
/// encoding per context, and everything decoded depends on it. The sequences and beams of one request are still decoded together.
/// </summary>
internal sealed class EncoderLane(IModelExecutor executor)
{
    private readonly Queue<EngineRequest> _waiting = new();

    /// <summary>Whether requests of this model have to take it.</summary>
    public bool IsNeeded => executor.Model.EncoderLength > 0;

    public bool HasWork => _waiting.Count > 0;

    /// <summary>Queues a request.</summary>
    public void Add(EngineRequest request) => _waiting.Enqueue(request);

    /// <summary>The next request that is still open, with its text encoded; to be called when nothing of another one is left to decode.</summary>
    public EngineRequest? Next()
    {
        while (_waiting.TryDequeue(out EngineRequest? request))
        {
            if (request.Work.HasEnded)
                continue;
            executor.Encode(request.Source);
            return request;
        }
        return null;
    }
}
