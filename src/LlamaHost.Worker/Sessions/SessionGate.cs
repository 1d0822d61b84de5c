using Grpc.Core;

namespace LlamaHost.Worker.Sessions;

/// <summary>Lets in one session at a time: the engine's events have one reader.</summary>
internal sealed class SessionGate(TimeProvider time) : IDisposable
{
    /// <summary>
    /// How long a session waits before it is refused. A host that opens the next session right after it dropped one may be faster than the news of
    /// the drop.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _free = new(1, 1);
    private volatile Turn? _current;

    /// <summary>Waits for a session that is ending, however long that takes.</summary>
    /// <returns>The session's turn; disposing it lets the next one in.</returns>
    /// <exception cref="RpcException"><see cref="StatusCode.FailedPrecondition"/>: another session is open and stays so.</exception>
    public async Task<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        while (!await WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_current is { IsEnding: false })
                throw new RpcException(new Status(StatusCode.FailedPrecondition, "Another session is open; a worker serves one at a time."));
        }
        return _current = new Turn(this);
    }

    public void Dispose() => _free.Dispose();

    private async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await _free.WaitAsync(either.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>The right to be the worker's session.</summary>
    internal sealed class Turn(SessionGate gate) : IDisposable
    {
        private volatile bool _isEnding;

        public bool IsEnding => _isEnding;

        /// <summary>From now on the next session waits instead of being refused.</summary>
        public void MarkEnding() => _isEnding = true;

        public void Dispose()
        {
            gate._current = null;
            gate._free.Release();
        }
    }
}
