using System.Collections.Concurrent;

namespace LlamaHost.Server.OpenAi.Responses.Storage;

/// <summary>The responses that are being streamed: nobody knows the id of another before it has ended.</summary>
internal sealed class RunningResponses
{
    private readonly ConcurrentDictionary<string, RunningResponse> _running = new(StringComparer.Ordinal);

    /// <summary>Notes that one is being streamed, until what is returned is disposed.</summary>
    /// <param name="response">The response, empty.</param>
    /// <param name="cancellationToken">Ends the work on it.</param>
    public RunningResponse Begin(ResponseObject response, CancellationToken cancellationToken)
    {
        var running = new RunningResponse(response, _running, cancellationToken);
        _running[response.Id] = running;
        return running;
    }

    /// <summary>One of them; <see langword="null"/>: it is not being streamed.</summary>
    public RunningResponse? Find(string id) => _running.GetValueOrDefault(id);
}

/// <summary>A response that is being streamed.</summary>
internal sealed class RunningResponse : IDisposable
{
    private readonly ConcurrentDictionary<string, RunningResponse> _all;
    private readonly CancellationTokenSource _ended;
    private readonly TaskCompletionSource<ResponseObject?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isCancelled;

    /// <param name="response">The response, empty.</param>
    /// <param name="all">Where it is noted.</param>
    /// <param name="cancellationToken">Ends the work on it.</param>
    public RunningResponse(ResponseObject response, ConcurrentDictionary<string, RunningResponse> all, CancellationToken cancellationToken)
    {
        Response = response;
        _all = all;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>The response as it was when it began.</summary>
    public ResponseObject Response { get; }

    /// <summary>Ends the work on it.</summary>
    public CancellationToken Token => _ended.Token;

    /// <summary>Whether a client has had it cancelled.</summary>
    public bool IsCancelled => _isCancelled;

    /// <summary>Cancels it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How it ended, which may be otherwise if it was just about to; <see langword="null"/>: without a result.</returns>
    public async Task<ResponseObject?> CancelAsync(CancellationToken cancellationToken)
    {
        _isCancelled = true;
        try
        {
            await _ended.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in this moment.
        }
        return await _result.Task.WaitAsync(cancellationToken);
    }

    /// <summary>It has ended with a result.</summary>
    public void End(ResponseObject response) => _result.TrySetResult(response);

    /// <inheritdoc/>
    public void Dispose()
    {
        _all.TryRemove(Response.Id, out _);
        _result.TrySetResult(null);
        _ended.Dispose();
    }
}
