using System.Threading.Channels;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Engine;

/// <summary>
/// Tokens in, tokens out: continues any number of requests at once on one thread that owns the executor.
/// </summary>
public sealed class InferenceEngine : IAsyncDisposable
{
    /// <summary>Starts the engine's thread. The engine disposes the executor when it ends.</summary>
    /// <param name="executor">Computes logits; from now on used by the engine alone.</param>
    /// <param name="time">Clock of the usage figures.</param>
    /// <param name="logger">Gets what an operator wants to know.</param>
    public InferenceEngine(IModelExecutor executor, TimeProvider time, ILogger<InferenceEngine> logger) => throw new NotImplementedException();

    /// <summary>The loaded model.</summary>
    public ModelDescription Model => throw new NotImplementedException();

    /// <summary>The model's vocabulary.</summary>
    public ITokenizer Tokenizer => throw new NotImplementedException();

    /// <summary>
    /// One item per step that brought anything. Completes when the engine ends; with a <see cref="FatalDecodeException"/> if the context failed.
    /// </summary>
    public ChannelReader<StepEvents> Events => throw new NotImplementedException();

    /// <summary>Takes a request; its events follow in <see cref="Events"/>. Callable from any thread, returns at once.</summary>
    /// <exception cref="InvalidRequestException">It can't be served: the code, the field and both numbers say why. No event follows.</exception>
    public void Submit(GenerationRequest request) => throw new NotImplementedException();

    /// <summary>
    /// Ends what is open of a request at the next step, with <see cref="FinishReason.Cancelled"/>. Nothing happens if it has ended or is unknown.
    /// Callable from any thread.
    /// </summary>
    public void Cancel(string requestId) => throw new NotImplementedException();

    /// <summary>Ends all open sequences as cancelled, then the thread, then the executor.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
