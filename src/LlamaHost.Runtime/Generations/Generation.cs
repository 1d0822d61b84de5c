using LlamaHost.Engine.Requests;

namespace LlamaHost.Runtime.Generations;

/// <summary>One admitted request and its token log, readable while it grows.</summary>
public sealed class Generation : IAsyncDisposable
{
    /// <summary>The request as admitted.</summary>
    public GenerationRequest Request => throw new NotImplementedException();

    /// <summary>
    /// Every event from the beginning, in order, as it comes; ends after the last sequence's end. Several readers may read at once.
    /// </summary>
    /// <exception cref="ModelUnavailableException"><c>worker_lost</c>: workers died so often that replaying was given up.</exception>
    public IAsyncEnumerable<SequenceEvent> ReadAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Cancels what is still open.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
