using LlamaHost.Engine.Embeddings;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Scheduling;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Engine.Generation;

/// <summary>
/// The work of the engine's thread: schedule, decode, sample, publish. Everything here is called from that one thread.
/// </summary>
internal sealed partial class EngineLoop
{
    // The ledger says that every batch fits. Should the cache disagree this often in a row, the request is given up instead of tried for ever.
    private const int MostRefusals = 16;

    private readonly IModelExecutor _executor;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<string> _ended;
    private readonly PrefillPace _pace;
    private readonly Scheduler _scheduler;
    private readonly LoadReport _load;
    private readonly StepResults _results;
    private readonly RowSampler _sampler;
    private readonly EncoderLane _encoder;
    private readonly EmbeddingLane _embeddings;
    private readonly Dictionary<string, EngineRequest> _open = [];
    private readonly List<EngineRequest> _late = [];
    private int _refusals;

    /// <param name="executor">Computes logits.</param>
    /// <param name="time">Clock of the usage figures and of time limits.</param>
    /// <param name="logger">Gets what an operator wants to know.</param>
    /// <param name="publish">Gets the events of each step.</param>
    /// <param name="ended">Gets the id of each request whose last sequence ended, before its events are published.</param>
    /// <param name="interTokenBound">Longest step in which prompts are computed beside running sequences; zero: found by itself.</param>
    public EngineLoop(
        IModelExecutor executor, TimeProvider time, ILogger logger, Action<StepEvents> publish, Action<string> ended, TimeSpan interTokenBound)
    {
        (_executor, _time, _logger, _ended) = (executor, time, logger, ended);
        ModelDescription model = executor.Model;
        _encoder = new EncoderLane(executor);
        _embeddings = new EmbeddingLane(executor);
        _pace = new PrefillPace(interTokenBound);
        _scheduler = new Scheduler(
            model.KvCells, model.MaxSequences, executor.BatchTokens, keepFinished: !_encoder.IsNeeded, executor.SavableTokens, executor.IdleCellsCost,
            _pace);
        _load = new LoadReport(_scheduler, executor, time);
        _results = new StepResults(time, _load, publish);
        _sampler = new RowSampler(executor.Tokenizer, time);
    }

    public bool HasWork => HasRequests || _embeddings.HasWork;

    private bool HasRequests => !_scheduler.IsIdle || _encoder.HasWork;

    public void Add(EngineRequest request)
    {
        _open.Add(request.Request.Id, request);
        if (_encoder.IsNeeded)
            _encoder.Add(request);
        else
            Start(request);
    }

    public void Add(EmbeddingJob job) => _embeddings.Add(job);

    public void Cancel(string requestId)
    {
        if (_open.TryGetValue(requestId, out EngineRequest? request))
            Abandon(request, FinishReason.Cancelled, null);
    }

    public void CancelAll()
    {
        foreach (string id in _open.Keys.ToArray())
            Cancel(id);
    }

    /// <summary>One step for all running sequences, and one batch of embeddings.</summary>
    /// <exception cref="FatalDecodeException">The context is unusable.</exception>
    public void RunStep()
    {
        // In turns, so that neither waits for the other; and in portions as prompts beside running sequences have.
        if (_embeddings.HasWork)
            _embeddings.RunStep(_pace.TokensBeside(_scheduler.Running.Count));
        if (HasRequests)
            RunRequests();
    }

    private void RunRequests()
    {
        EndLate();
        if (_scheduler.IsIdle && _encoder.Next() is { } next)
            Start(next);
        Step step = _scheduler.Schedule();
        foreach (CacheOperation operation in step.Operations)
            operation.ApplyTo(_executor);
        if (step.Batch.Count == 0)
        {
            _scheduler.Commit();
            return;
        }
        MarkStarted(step);
        long start = _time.GetTimestamp();
        switch (_executor.Decode(step.Batch))
        {
            case DecodeStatus.Success:
                _refusals = 0;
                _scheduler.Commit();
                _load.Count(step);
                Sample(step, start);
                _pace.Observe(step.RunningTokens, step.Batch.Count - step.RunningTokens, _time.GetElapsedTime(start));
                _results.Publish();
                break;
            case DecodeStatus.NoKvSlot:
                _scheduler.Rollback();
                Relieve();
                break;
            case DecodeStatus.Aborted:
                foreach (Chunk chunk in step.Chunks)
                    _executor.Truncate(chunk.Sequence.Slot, chunk.Sequence.Computed);
                _scheduler.Rollback();
                break;
            case DecodeStatus status:
                throw new FatalDecodeException($"Unknown decode status {status}.");
        }
    }

    // Nobody waits any more for what has not begun when its time is up: it ends with what it has, and nothing is computed for it.
    private void EndLate()
    {
        if (_scheduler.Waiting.Count == 0 && !_encoder.HasWork)
            return;
        foreach (EngineRequest request in _open.Values)
        {
            if (request.Started == 0 && _sampler.IsTimeUp(request))
                _late.Add(request);
        }
        foreach (EngineRequest request in _late)
            Abandon(request, FinishReason.Length, null);
        _late.Clear();
    }

    private void Start(EngineRequest request)
    {
        request.Work.Start(_scheduler, _results);
        Settle(request);
    }

    private void MarkStarted(Step step)
    {
        long now = _time.GetTimestamp();
        foreach (Chunk chunk in step.Chunks)
        {
            EngineRequest request = Request(chunk.Sequence);
            if (request.Started == 0)
                request.Started = now;
        }
    }

    private void Sample(Step step, long start)
    {
        // Steps that compute prompts say nothing of what one more row costs.
        bool isTimeKnown = step.Outputs < step.Batch.Count;
        foreach (Chunk chunk in step.Chunks)
        {
            EngineRequest request = Request(chunk.Sequence);
            for (int row = chunk.FirstOutput; row < chunk.FirstOutput + chunk.Outputs && IsValid(step.Batch, row, chunk.Sequence); row++)
            {
                Span<float> logits = _executor.Logits(row);
                // Only now everything is computed for certain: a device may still be at it when it has been told all.
                if (!isTimeKnown)
                    _scheduler.Cost.Observe(step.Batch.Count, _time.GetElapsedTime(start).TotalSeconds);
                isTimeKnown = true;
                request.Work.Sample(chunk.Sequence, logits, _sampler, _scheduler, _results);
                Settle(request, publish: false);
            }
        }
    }

    // An earlier row, its own or a sibling's, may have ended the sequence, or brought another token than was guessed.
    private static bool IsValid(Batch batch, int row, SchedulableSequence sequence) =>
        sequence.State != SequenceState.Finished && batch.Positions[row] < sequence.Computed;

    private void Relieve()
    {
        LogCacheRefused(_logger, _scheduler.CellsInUse, _executor.Model.KvCells);
        _scheduler.Relieve();
        if (++_refusals < MostRefusals)
            return;
        _refusals = 0;
        SchedulableSequence? first =
            _scheduler.Running.Count > 0 ? _scheduler.Running[0] : _scheduler.Waiting.Count > 0 ? _scheduler.Waiting[0] : null;
        if (first is not null)
            Abandon(Request(first), FinishReason.Error, "The KV cache has no room for the sequence, although it should.");
    }

    private void Abandon(EngineRequest request, FinishReason reason, string? error)
    {
        request.Work.Abandon(reason, error, _scheduler, _results);
        Settle(request);
    }

    private void Settle(EngineRequest request, bool publish = true)
    {
        if (request.Work.HasEnded && _open.Remove(request.Request.Id))
            _ended(request.Request.Id);
        if (publish)
            _results.Publish();
    }

    private static EngineRequest Request(SchedulableSequence sequence) => ((IRequestSequence)sequence).Request;

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The KV cache refused a batch; {CellsInUse} of {KvCells} cells are booked. Room is made and the step repeated.")]
    private static partial void LogCacheRefused(ILogger logger, int cellsInUse, int kvCells);
}
