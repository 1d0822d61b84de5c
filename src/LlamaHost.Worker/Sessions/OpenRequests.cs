using LlamaHost.Engine.Requests;

namespace LlamaHost.Worker.Sessions;

/// <summary>A session's requests whose events have not all been seen. Thread-safe.</summary>
internal sealed class OpenRequests : IDisposable
{
    private readonly Lock _sync = new();
    private readonly Dictionary<string, int> _unfinished = [];
    private readonly CancellationTokenSource _drained = new();
    private bool _isClosed;

    /// <summary>Cancelled when no further request will come and all events of the last one have been seen.</summary>
    public CancellationToken Drained => _drained.Token;

    /// <summary>Expects the events of a request. False if one of that id is open.</summary>
    public bool TryAdd(GenerationRequest request)
    {
        lock (_sync)
            return _unfinished.TryAdd(request.Id, request.SequenceCount - request.FinishedSequences.Distinct().Count());
    }

    /// <summary>Expects nothing more of a request that the engine refused.</summary>
    public void Remove(string requestId)
    {
        lock (_sync)
            _unfinished.Remove(requestId);
    }

    /// <summary>Takes note of the sequences that ended with this step.</summary>
    public void Observe(StepEvents step)
    {
        lock (_sync)
        {
            // A loop by index: this runs for every token.
            for (int i = 0; i < step.Sequences.Count; i++)
            {
                SequenceEvent sequence = step.Sequences[i];
                if (sequence.Finish is not null && _unfinished.TryGetValue(sequence.RequestId, out int count))
                    Count(sequence.RequestId, count - 1);
            }
            CheckDrained();
        }
    }

    /// <summary>Says that no further request will come.</summary>
    /// <returns>The ids of the open ones.</returns>
    public IReadOnlyList<string> Close()
    {
        lock (_sync)
        {
            _isClosed = true;
            CheckDrained();
            return [.. _unfinished.Keys];
        }
    }

    public void Dispose() => _drained.Dispose();

    private void Count(string requestId, int unfinished)
    {
        if (unfinished > 0)
            _unfinished[requestId] = unfinished;
        else
            _unfinished.Remove(requestId);
    }

    private void CheckDrained()
    {
        if (_isClosed && _unfinished.Count == 0)
            _drained.Cancel();
    }
}
