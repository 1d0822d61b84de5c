using System.Runtime.CompilerServices;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Runtime.Generations;

/// <summary>
/// All that is known of one generation: the request and every event since. Any number of readers follow it from its beginning; a worker can be
/// given it at any point to go on with. It grows at most to the tokens that were asked for.
/// </summary>
internal sealed class TokenLog
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly SequenceLog[] _sequences;
    private readonly List<SequenceEvent> _events = [];
    private readonly long _openedAt;
    private long _submittedAt;
    private bool _hasEnded;
    private Func<Exception>? _failure;
    private TaskCompletionSource? _grown;

    public TokenLog(GenerationRequest request, TimeProvider time)
    {
        Request = request;
        _time = time;
        _openedAt = time.GetTimestamp();
        _sequences =
        [
            .. Enumerable.Range(0, request.SequenceCount)
                .Select(index => new SequenceLog(request.Resume?[index] ?? [], request.FinishedSequences.Contains(index))),
        ];
        OpenSequences = _sequences.Count(sequence => !sequence.IsFinished);
    }

    /// <summary>The request as it came.</summary>
    public GenerationRequest Request { get; }

    /// <summary>Sequences that have not ended.</summary>
    public int OpenSequences { get; private set; }

    /// <summary>The request for a worker: it goes on after what is in the log.</summary>
    public GenerationRequest Submission()
    {
        lock (_lock)
        {
            _submittedAt = _time.GetTimestamp();
            return Request with
            {
                Stop = Request.Stop with { MaxTime = TimeLeft() },
                Resume = _sequences.Any(sequence => sequence.Tokens.Count > 0)
                    ? [.. _sequences.Select(sequence => (int[])[.. sequence.Tokens])]
                    : null,
                FinishedSequences = [.. Enumerable.Range(0, _sequences.Length).Where(index => _sequences[index].IsFinished)],
            };
        }
    }

    // A worker counts from when it gets the request, which may be the second one to get it. A limit is above zero in any case.
    private TimeSpan? TimeLeft() => Request.Stop.MaxTime is not { } most ? null
        : most - _time.GetElapsedTime(_openedAt, _submittedAt) is var left && left > TimeSpan.Zero ? left : TimeSpan.FromTicks(1);

    /// <summary>Appends what a worker sent.</summary>
    /// <exception cref="ArgumentException">The worker sent something about a sequence that does not exist or has ended.</exception>
    public void Append(SequenceEvent step)
    {
        lock (_lock)
        {
            if ((uint)step.SequenceIndex >= (uint)_sequences.Length || _sequences[step.SequenceIndex].IsFinished)
                throw new ArgumentException($"Sequence {step.SequenceIndex} of request {step.RequestId} is not open.", nameof(step));
            SequenceLog sequence = _sequences[step.SequenceIndex];
            sequence.Append(step, _time.GetTimestamp());
            if (step.Finish is { } finish)
            {
                step = step with { Finish = finish with { Usage = sequence.Complete(finish.Usage, _openedAt, _submittedAt, _time) } };
                OpenSequences--;
            }
            _events.Add(step);
            _hasEnded = OpenSequences == 0;
        }
        Wake();
    }

    /// <summary>Ends what is open as cancelled. For when no worker does it.</summary>
    public void Cancel()
    {
        lock (_lock)
        {
            for (int i = 0; i < _sequences.Length; i++)
            {
                if (_sequences[i].IsFinished)
                    continue;
                SequenceFinish finish = _sequences[i].Cancel(Request.PromptTokens.Count);
                _events.Add(new SequenceEvent { RequestId = Request.Id, SequenceIndex = i, Finish = finish });
            }
            OpenSequences = 0;
            _hasEnded = true;
        }
        Wake();
    }

    /// <summary>Ends the log: each reader gets an exception of its own after what came before.</summary>
    public void Fail(Func<Exception> failure)
    {
        lock (_lock)
        {
            OpenSequences = 0;
            _hasEnded = true;
            _failure = failure;
        }
        Wake();
    }

    /// <summary>Every event from the first on, as they come.</summary>
    public async IAsyncEnumerable<SequenceEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A cancelled reader is woken like one that has something to read; the others go back to sleep.
        using CancellationTokenRegistration cancelled = cancellationToken.UnsafeRegister(log => ((TokenLog)log!).Wake(), this);
        for (int read = 0; ;)
        {
            SequenceEvent? one = null;
            Task? grown = null;
            Func<Exception>? failure;
            lock (_lock)
            {
                if (read < _events.Count)
                    one = _events[read++];
                else if (!_hasEnded)
                    grown = (_grown ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                failure = _failure;
            }
            if (one is not null)
            {
                yield return one;
                continue;
            }
            if (failure is not null)
                throw failure();
            if (grown is null)
                yield break;
            cancellationToken.ThrowIfCancellationRequested();
            await grown.ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private void Wake()
    {
        TaskCompletionSource? grown;
        lock (_lock)
        {
            grown = _grown;
            _grown = null;
        }
        grown?.TrySetResult();
    }
}
