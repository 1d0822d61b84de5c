using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;
using LlamaHost.Protocol.Sessions;
using LlamaHost.Runtime.Workers;

namespace LlamaHost.Runtime.Generations;

/// <summary>
/// One model's open token logs and whichever worker computes them now. A new worker gets every open log and goes on with it, so that readers
/// see a pause where a worker died. Logs that were there at more than one death are given to it one after the other: if one of them is the
/// cause, it is given up without taking the others along.
/// </summary>
internal sealed class OpenGenerations(int maxOpenSequences, int maxWorkerLosses, TimeProvider time) : IWorkerUser
{
    private const int LossesOfSuspects = 2;

    private static readonly TimeSpan FailedRetryAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, OpenLog> _open = new(StringComparer.Ordinal);
    private readonly Admission _admission = new(maxOpenSequences, time);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private GenerateSession? _session;
    private WorkerFailure? _failure;
    private TokenCounts _tokens;
    private EngineLoad? _load;
    private long _admitted;
    private int _failedLoads;

    /// <summary>Sequences that are computed or wait for it.</summary>
    public int OpenSequences
    {
        get
        {
            lock (_lock)
                return _admission.Open;
        }
    }

    /// <summary>What is open, what there was, and what the worker said last.</summary>
    public ModelActivity Activity(string model)
    {
        lock (_lock)
            return new ModelActivity(model, _admission.Open, _tokens, _load);
    }

    /// <summary>Completes when no log is open after <see cref="Close"/>.</summary>
    public Task Drained => _drained.Task;

    /// <inheritdoc cref="Admission.ThrowIfImpossible"/>
    public void ThrowIfImpossible(IReadOnlyList<GenerationRequest> requests)
    {
        lock (_lock)
            _admission.ThrowIfImpossible(SequencesOf(requests), FieldOf(requests));
    }

    /// <summary>Admits the requests, all or none, and hands them to the worker, or to the next one.</summary>
    /// <exception cref="InvalidRequestException"><c>too_many_sequences</c>.</exception>
    /// <exception cref="ModelUnavailableException"><c>queue_full</c>, <c>shutting_down</c> or <c>model_failed</c>.</exception>
    public IReadOnlyList<Generation> Open(IReadOnlyList<GenerationRequest> requests)
    {
        OpenLog[] logs = [.. requests.Select(request => new OpenLog(new TokenLog(request, time)))];
        lock (_lock)
        {
            if (_failure is { } failure)
                throw Unavailable("model_failed", failure);
            if (requests.FirstOrDefault(request => _open.ContainsKey(request.Id)) is { } twice)
                throw new ArgumentException($"A request with the id '{twice.Id}' is open already.", nameof(requests));
            _admission.Admit(SequencesOf(requests), FieldOf(requests));
            foreach (OpenLog log in logs)
            {
                log.Number = _admitted++;
                _open.Add(log.Id, log);
                if (_session is { } session)
                    Submit(log, session);
            }
        }
        return [.. logs.Select(log => new Generation(this, log.Tokens))];
    }

    /// <summary>Ends what is open of the log; nothing happens if that is nothing.</summary>
    public void Cancel(TokenLog tokens)
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(tokens.Request.Id, out OpenLog? log) || log.Tokens != tokens || log.IsCancelled)
                return;
            log.IsCancelled = true;
            // The worker answers with the end of the sequences, and what they cost.
            if (_session is { } session && log.IsSubmitted)
                session.Cancel(log.Id);
            else
                Change(log, log.Tokens.Cancel);
        }
    }

    /// <summary>Admits nothing any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _admission.IsClosed = true;
            if (_open.Count == 0)
                _drained.TrySetResult();
        }
    }

    /// <summary>Ends every open log with an error. For when no worker will come any more.</summary>
    public void FailAll(Func<Exception> failure)
    {
        lock (_lock)
        {
            foreach (OpenLog log in _open.Values.ToList())
                Change(log, () => log.Tokens.Fail(failure));
        }
    }

    /// <inheritdoc/>
    public async Task UseAsync(ModelWorker.ModelWorkerClient worker, CancellationToken cancellationToken)
    {
        var session = new GenerateSession();
        Attach(session);
        try
        {
            await session.RunAsync(worker, Take, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Detach();
        }
    }

    /// <inheritdoc/>
    public void OnFailure(WorkerFailure failure)
    {
        lock (_lock)
        {
            _failure = failure.IsPermanent ? failure : null;
            _failedLoads += failure.WhileLoading ? 1 : 0;
            bool isHopeless = failure.IsPermanent || _failedLoads >= maxWorkerLosses;
            foreach (OpenLog log in _open.Values.ToList())
            {
                log.WorkerLosses += log.IsSubmitted ? 1 : 0;
                log.IsSubmitted = false;
                if (isHopeless)
                    Change(log, () => log.Tokens.Fail(() => Unavailable("model_failed", failure)));
                else if (log.WorkerLosses >= maxWorkerLosses)
                    Change(log, () => log.Tokens.Fail(() => Unavailable("worker_lost", failure)));
            }
        }
    }

    private void Attach(GenerateSession session)
    {
        lock (_lock)
        {
            _failure = null;
            _failedLoads = 0;
            _session = session;
            SubmitWaiting();
        }
    }

    /// <summary>Gives the worker what it does not have yet, of the suspects one.</summary>
    private void SubmitWaiting()
    {
        if (_session is not { } session)
            return;
        bool hasSuspect = _open.Values.Any(log => log is { IsSuspect: true, IsSubmitted: true });
        foreach (OpenLog log in _open.Values.Where(log => !log.IsSubmitted).OrderBy(log => log.Number))
        {
            if (log.IsSuspect && hasSuspect)
                continue;
            hasSuspect |= log.IsSuspect;
            Submit(log, session);
        }
    }

    private static void Submit(OpenLog log, GenerateSession session)
    {
        log.IsSubmitted = true;
        session.Submit(log.Tokens.Submission());
    }

    private void Detach()
    {
        lock (_lock)
        {
            _session = null;
            _load = null;
            foreach (OpenLog log in _open.Values.Where(log => log.IsCancelled).ToList())
                Change(log, log.Tokens.Cancel);
        }
    }

    private void Take(SessionStep step)
    {
        lock (_lock)
        {
            // A loop by index: this runs for every token.
            for (int i = 0; i < step.Sequences.Count; i++)
            {
                SequenceEvent sequence = step.Sequences[i];
                if (!_open.TryGetValue(sequence.RequestId, out OpenLog? log))
                    continue;
                int before = log.ComputedSequences;
                log.Tokens.Append(sequence);
                _tokens = _tokens.Add(sequence);
                LetGo(log, before);
            }
            _load = step.Load ?? _load;
            foreach (Refusal refusal in step.Refusals)
            {
                if (_open.TryGetValue(refusal.RequestId, out OpenLog? log))
                    Change(log, () => log.Tokens.Fail(refusal.ToException));
            }
        }
    }

    /// <summary>Changes the log, and lets go of what has ended with it.</summary>
    private void Change(OpenLog log, Action change)
    {
        int before = log.ComputedSequences;
        change();
        LetGo(log, before);
    }

    private void LetGo(OpenLog log, int before)
    {
        _admission.Release(before - log.ComputedSequences);
        if (log.Tokens.OpenSequences > 0)
            return;
        _open.Remove(log.Id);
        if (log.IsSuspect)
            SubmitWaiting();
        if (_admission.IsClosed && _open.Count == 0)
            _drained.TrySetResult();
    }

    private static int SequencesOf(IReadOnlyList<GenerationRequest> requests) =>
        (int)Math.Min(int.MaxValue, requests.Sum(
            request => (long)request.ComputedSequences(request.SequenceCount - request.FinishedSequences.Count)));

    // What a client would make smaller.
    private static string FieldOf(IReadOnlyList<GenerationRequest> requests) =>
        requests.Any(request => request.Beams is not null) ? "num_beams" : "num_return_sequences";

    private static ModelUnavailableException Unavailable(string code, WorkerFailure failure) =>
        new(code, failure.Message, isOverload: false, FailedRetryAfter);

    private sealed class OpenLog(TokenLog tokens)
    {
        public TokenLog Tokens { get; } = tokens;

        public string Id => Tokens.Request.Id;

        /// <summary>What of the admission's bound it occupies.</summary>
        public int ComputedSequences => Tokens.Request.ComputedSequences(Tokens.OpenSequences);

        /// <summary>Place in the order of admission.</summary>
        public long Number { get; set; }

        /// <summary>The worker has it.</summary>
        public bool IsSubmitted { get; set; }

        /// <summary>Workers that died while they had it.</summary>
        public int WorkerLosses { get; set; }

        /// <summary>So many workers died over it that it may be the cause.</summary>
        public bool IsSuspect => WorkerLosses >= LossesOfSuspects;

        /// <summary>Its client wants no more of it.</summary>
        public bool IsCancelled { get; set; }
    }
}
