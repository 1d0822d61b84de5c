using System.Threading.Channels;
using Grpc.Core;
using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;
using LlamaHost.Runtime.Workers;

namespace LlamaHost.Runtime.Generations;

/// <summary>
/// One model's open token logs and whichever worker computes them now. A new worker gets every open log and goes on with it, so that readers
/// see a pause where a worker died.
/// </summary>
internal sealed class OpenGenerations(int maxOpenSequences, int maxWorkerLosses, TimeProvider time) : IWorkerUser
{
    private static readonly TimeSpan FailedRetryAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, OpenLog> _open = new(StringComparer.Ordinal);
    private readonly Admission _admission = new(maxOpenSequences, time);
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChannelWriter<GenerateCommand>? _commands;
    private WorkerFailure? _failure;
    private long _admitted;

    /// <summary>Sequences that have not ended.</summary>
    public int OpenSequences
    {
        get
        {
            lock (_lock)
                return _admission.Open;
        }
    }

    /// <summary>Completes when no log is open after <see cref="Close"/>.</summary>
    public Task Drained => _drained.Task;

    /// <inheritdoc cref="Admission.ThrowIfImpossible"/>
    public void ThrowIfImpossible(IReadOnlyList<GenerationRequest> requests)
    {
        lock (_lock)
            _admission.ThrowIfImpossible(SequencesOf(requests));
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
            _admission.Admit(SequencesOf(requests));
            foreach (OpenLog log in logs)
            {
                log.Number = _admitted++;
                _open.Add(log.Id, log);
                _commands?.TryWrite(new GenerateCommand { Submit = log.Tokens.Submission().ToMessage() });
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
            if (_commands is { } commands)
                commands.TryWrite(new GenerateCommand { Cancel = new Cancel { Id = log.Id } });
            else
                End(log, log.Tokens.Cancel);
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
                End(log, () => log.Tokens.Fail(failure));
        }
    }

    /// <inheritdoc/>
    public async Task UseAsync(ModelWorker.ModelWorkerClient worker, CancellationToken cancellationToken)
    {
        using AsyncDuplexStreamingCall<GenerateCommand, StepMessage> call = worker.Generate(cancellationToken: cancellationToken);
        var commands = Channel.CreateUnbounded<GenerateCommand>(new UnboundedChannelOptions { SingleReader = true });
        Attach(commands.Writer);
        Task sending = SendAsync(commands.Reader, call.RequestStream, cancellationToken);
        try
        {
            await foreach (StepMessage step in call.ResponseStream.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                Take(step);
        }
        finally
        {
            Detach();
            commands.Writer.Complete();
            // Lets a sender that waits for the worker go.
            call.Dispose();
            await sending.ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void OnFailure(WorkerFailure failure)
    {
        lock (_lock)
        {
            _failure = failure.IsPermanent ? failure : null;
            foreach (OpenLog log in _open.Values.ToList())
            {
                log.WorkerLosses++;
                if (failure.IsPermanent)
                    End(log, () => log.Tokens.Fail(() => Unavailable("model_failed", failure)));
                else if (log.WorkerLosses >= maxWorkerLosses)
                    End(log, () => log.Tokens.Fail(() => Unavailable("worker_lost", failure)));
            }
        }
    }

    private static async Task SendAsync(ChannelReader<GenerateCommand> commands, IClientStreamWriter<GenerateCommand> stream, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (GenerateCommand command in commands.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                await stream.WriteAsync(command, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is RpcException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            // The call has ended; its reader says why.
        }
    }

    private void Attach(ChannelWriter<GenerateCommand> commands)
    {
        lock (_lock)
        {
            _failure = null;
            _commands = commands;
            foreach (OpenLog log in _open.Values.OrderBy(log => log.Number))
                commands.TryWrite(new GenerateCommand { Submit = log.Tokens.Submission().ToMessage() });
        }
    }

    private void Detach()
    {
        lock (_lock)
        {
            _commands = null;
            foreach (OpenLog log in _open.Values.Where(log => log.IsCancelled).ToList())
                End(log, log.Tokens.Cancel);
        }
    }

    private void Take(StepMessage step)
    {
        lock (_lock)
        {
            foreach (SequenceStep sequence in step.Sequences)
            {
                if (_open.TryGetValue(sequence.RequestId, out OpenLog? log))
                    End(log, () => log.Tokens.Append(sequence.ToEvent()));
            }
            foreach (Refusal refusal in step.Refusals)
            {
                if (_open.TryGetValue(refusal.RequestId, out OpenLog? log))
                    End(log, () => log.Tokens.Fail(refusal.ToException));
            }
        }
    }

    /// <summary>Does what may end sequences of the log, and lets go of what has ended.</summary>
    private void End(OpenLog log, Action change)
    {
        int before = log.Tokens.OpenSequences;
        change();
        _admission.Release(before - log.Tokens.OpenSequences);
        if (log.Tokens.OpenSequences > 0)
            return;
        _open.Remove(log.Id);
        if (_admission.IsClosed && _open.Count == 0)
            _drained.TrySetResult();
    }

    private static int SequencesOf(IReadOnlyList<GenerationRequest> requests) =>
        (int)Math.Min(int.MaxValue, requests.Sum(request => (long)request.SequenceCount - request.FinishedSequences.Count));

    private static ModelUnavailableException Unavailable(string code, WorkerFailure failure) => new(code, failure.Message, isOverload: false, FailedRetryAfter);

    private sealed class OpenLog(TokenLog tokens)
    {
        public TokenLog Tokens { get; } = tokens;

        public string Id => Tokens.Request.Id;

        /// <summary>Place in the order of admission.</summary>
        public long Number { get; set; }

        /// <summary>Workers that ended while it was open.</summary>
        public int WorkerLosses { get; set; }

        /// <summary>Its client wants no more of it.</summary>
        public bool IsCancelled { get; set; }
    }
}
