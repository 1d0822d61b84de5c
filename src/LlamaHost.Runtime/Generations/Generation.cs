using LlamaHost.Engine.Requests;

namespace LlamaHost.Runtime.Generations;

/// <summary>One admitted request and its token log, readable while it grows.</summary>
public sealed class Generation : IAsyncDisposable
{
    private readonly OpenGenerations _open;
    private readonly TokenLog _log;

    internal Generation(OpenGenerations open, TokenLog log)
    {
        _open = open;
        _log = log;
    }

    /// <summary>The request as admitted.</summary>
    public GenerationRequest Request => _log.Request;

    /// <summary>
    /// Every event from the beginning, in order, as it comes; ends after the last sequence's end. Several readers may read at once. A reader
    /// that stops reading does not stop the generation: disposing it does.
    /// </summary>
    /// <exception cref="InvalidRequestException">The engine refused the request.</exception>
    /// <exception cref="ModelUnavailableException">
    /// <c>worker_lost</c>: workers died so often that replaying was given up. <c>model_failed</c>: no other worker could load the model.
    /// <c>shutting_down</c>: the host ended before the generation did.
    /// </exception>
    public IAsyncEnumerable<SequenceEvent> ReadAsync(CancellationToken cancellationToken) => _log.ReadAsync(cancellationToken);

    /// <summary>
    /// Cancels what is still open. Returns at once; readers get the open sequences' ends, with <see cref="FinishReason.Cancelled"/>, soon after.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        _open.Cancel(_log);
        return ValueTask.CompletedTask;
    }
}
