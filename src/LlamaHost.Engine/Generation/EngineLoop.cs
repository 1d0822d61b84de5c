using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Sampling;
using LlamaHost.Engine.Scheduling;
using LlamaHost.Engine.Text;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Engine.Generation;

/// <summary>
/// The work of the engine's thread: schedule, decode, sample, publish. Everything here is called from that one thread.
/// </summary>
internal sealed partial class EngineLoop
{
    // The ledger says that every batch fits. Should the cache disagree this often in a row, the sequence is given up instead of tried for ever.
    private const int MostRefusals = 16;

    private readonly IModelExecutor _executor;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<StepEvents> _publish;
    private readonly Action<string> _ended;
    private readonly Scheduler _scheduler;
    private readonly TokenSampler _sampler;
    private readonly LogProbabilities _logProbabilities;
    private readonly Dictionary<string, EngineRequest> _open = [];
    private readonly List<SequenceEvent> _events = [];
    private int _refusals;

    /// <param name="executor">Computes logits.</param>
    /// <param name="time">Clock of the usage figures.</param>
    /// <param name="logger">Gets what an operator wants to know.</param>
    /// <param name="publish">Gets the events of each step.</param>
    /// <param name="ended">Gets the id of each request whose last sequence ended, before its events are published.</param>
    public EngineLoop(IModelExecutor executor, TimeProvider time, ILogger logger, Action<StepEvents> publish, Action<string> ended)
    {
        (_executor, _time, _logger, _publish, _ended) = (executor, time, logger, publish, ended);
        ModelDescription model = executor.Model;
        _scheduler = new Scheduler(model.KvCells, model.MaxSequences, executor.BatchTokens, keepFinished: true);
        _sampler = new TokenSampler(model.VocabularySize);
        _logProbabilities = new LogProbabilities(model.VocabularySize);
    }

    public bool HasWork => !_scheduler.IsIdle;

    public void Add(EngineRequest request)
    {
        _open.Add(request.Request.Id, request);
        foreach (EngineSequence sequence in request.Open.ToArray())
        {
            if (sequence.Finished is { } reason)
                Finish(sequence, [], reason);
            else
                _scheduler.Add(sequence);
        }
        Publish();
    }

    public void Cancel(string requestId)
    {
        if (!_open.TryGetValue(requestId, out EngineRequest? request))
            return;
        foreach (EngineSequence sequence in request.Open.ToArray())
            End(sequence, FinishReason.Cancelled);
        Publish();
    }

    public void CancelAll()
    {
        foreach (string id in _open.Keys.ToArray())
            Cancel(id);
    }

    /// <summary>One step for all running sequences.</summary>
    /// <exception cref="FatalDecodeException">The context is unusable.</exception>
    public void RunStep()
    {
        Step step = _scheduler.Schedule();
        Execute(step.Operations);
        if (step.Batch.Count == 0)
        {
            _scheduler.Commit();
            return;
        }
        MarkStarted(step);
        switch (_executor.Decode(step.Batch))
        {
            case DecodeStatus.Success:
                _refusals = 0;
                _scheduler.Commit();
                Sample(step);
                Publish();
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

    private void Execute(List<CacheOperation> operations)
    {
        foreach (CacheOperation operation in operations)
        {
            if (operation.IsFork)
                _executor.Fork(operation.Source, operation.Target, operation.Length);
            else
                _executor.Truncate(operation.Target, operation.Length);
        }
    }

    private void Relieve()
    {
        LogCacheRefused(_logger, _scheduler.CellsInUse, _executor.Model.KvCells);
        _scheduler.Relieve();
        if (++_refusals < MostRefusals)
            return;
        _refusals = 0;
        EngineSequence? first = (EngineSequence?)(_scheduler.Running.Count > 0 ? _scheduler.Running[0] : _scheduler.Waiting.Count > 0 ? _scheduler.Waiting[0] : null);
        if (first is not null)
            End(first, FinishReason.Error, "The KV cache has no room for the sequence, although it should.");
        Publish();
    }

    private void MarkStarted(Step step)
    {
        long now = _time.GetTimestamp();
        foreach (Chunk chunk in step.Chunks)
        {
            EngineRequest request = ((EngineSequence)chunk.Sequence).Request;
            if (request.Started == 0)
                request.Started = now;
        }
    }

    private void Sample(Step step)
    {
        long now = _time.GetTimestamp();
        foreach (Chunk chunk in step.Chunks)
        {
            if (chunk.OutputIndex < 0)
                continue;
            ReadOnlySpan<float> logits = _executor.Logits(chunk.OutputIndex);
            var sequence = (EngineSequence)chunk.Sequence;
            if (sequence.NewTokens > 0)
            {
                Choose(sequence, logits, now);
                continue;
            }
            // The prompt is computed once: its logits are the first choice of every sibling that has none yet.
            foreach (EngineSequence sibling in sequence.Request.Open.ToArray())
            {
                if (sibling.NewTokens == 0)
                    Choose(sibling, logits, now);
            }
        }
    }

    private void Choose(EngineSequence sequence, ReadOnlySpan<float> logits, long now)
    {
        GenerationRequest request = sequence.Request.Request;
        int token = _sampler.Choose(logits, sequence.Pipeline, sequence.NewTokens, request.SequenceSeed(sequence.Index));
        if (token < 0)
        {
            End(sequence, FinishReason.Error, "The model's logits are not numbers.");
            return;
        }
        if (sequence.FirstToken == 0)
            sequence.FirstToken = now;
        sequence.LastToken = now;
        ITokenizer tokenizer = _executor.Tokenizer;
        string text = sequence.Accept(token, tokenizer.Name);
        var chosen = new TokenEvent(token, text, tokenizer.IsSpecial(token));
        if (request.LogProbs is { } alternatives)
            chosen = WithLogProbs(chosen, logits, alternatives);
        if (sequence.Finished is { } reason)
        {
            _scheduler.Remove(sequence);
            Finish(sequence, [chosen], reason);
        }
        else
        {
            _events.Add(new SequenceEvent { RequestId = request.Id, SequenceIndex = sequence.Index, Tokens = [chosen] });
        }
    }

    private TokenEvent WithLogProbs(TokenEvent chosen, ReadOnlySpan<float> logits, int alternatives)
    {
        float normalizer = _logProbabilities.Normalizer(logits);
        List<TokenLogProb> top = new(alternatives);
        foreach (int id in _logProbabilities.Top(logits, alternatives))
            top.Add(new TokenLogProb(id, _executor.Tokenizer.Name(id), logits[id] - normalizer));
        return chosen with { LogProb = logits[chosen.Id] - normalizer, Alternatives = top };
    }

    private void End(EngineSequence sequence, FinishReason reason, string? error = null)
    {
        _scheduler.Remove(sequence);
        Finish(sequence, [], reason, error);
    }

    private void Finish(EngineSequence sequence, IReadOnlyList<TokenEvent> tokens, FinishReason reason, string? error = null)
    {
        EngineRequest request = sequence.Request;
        string rest = sequence.Flush();
        // What was held back may turn out to be a stop text after all.
        var finish = new SequenceFinish(sequence.Finished ?? reason, rest, Usage(sequence)) { StopText = sequence.StopText, Error = error };
        _events.Add(new SequenceEvent { RequestId = request.Request.Id, SequenceIndex = sequence.Index, Tokens = tokens, Finish = finish });
        request.Open.Remove(sequence);
        if (request.Open.Count > 0)
            return;
        _open.Remove(request.Request.Id);
        _ended(request.Request.Id);
    }

    private SequenceUsage Usage(EngineSequence sequence)
    {
        EngineRequest request = sequence.Request;
        long end = _time.GetTimestamp();
        long started = request.Started == 0 ? end : request.Started;
        long first = sequence.FirstToken == 0 ? end : sequence.FirstToken;
        long last = sequence.FirstToken == 0 ? end : sequence.LastToken;
        // A sequence that ended before it got a slot of its own took everything from the sibling that computed the prompt.
        int cached = sequence.Reused >= 0 ? sequence.Reused : sequence.FirstToken == 0 ? 0 : sequence.PromptLength;
        return new SequenceUsage(
            sequence.PromptLength,
            cached,
            sequence.NewTokens,
            _time.GetElapsedTime(request.Submitted, started),
            _time.GetElapsedTime(started, Math.Max(started, first)),
            _time.GetElapsedTime(first, Math.Max(first, last)));
    }

    private void Publish()
    {
        if (_events.Count == 0)
            return;
        _publish(new StepEvents([.. _events]));
        _events.Clear();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The KV cache refused a batch; {CellsInUse} of {KvCells} cells are booked. Room is made and the step repeated.")]
    private static partial void LogCacheRefused(ILogger logger, int cellsInUse, int kvCells);
}
