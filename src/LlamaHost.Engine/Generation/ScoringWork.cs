using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Scheduling;
using LlamaHost.Engine.Text;

namespace LlamaHost.Engine.Generation;

/// <summary>
/// A request whose continuations are given: their tokens' log-probabilities are read off the logits, nothing is chosen (teacher forcing).
/// </summary>
internal sealed class ScoringWork : IRequestWork
{
    private const string NoNumber = "The token has no log-probability: the model's logits are not numbers.";

    private readonly EngineRequest _request;
    private readonly int _alternatives;
    private readonly List<ScoringSequence> _open;

    /// <param name="request">The request.</param>
    /// <param name="arrival">Its arrival number.</param>
    public ScoringWork(EngineRequest request, long arrival)
    {
        _request = request;
        _alternatives = request.Request.LogProbs ?? 0;
        _open =
        [
            .. Enumerable.Range(0, request.Request.SequenceCount).Except(request.Request.FinishedSequences)
                .Select(index => new ScoringSequence(request, index, SchedulingOrder.Of(request.Request.Priority, arrival, index))),
        ];
    }

    public bool HasEnded => _open.Count == 0;

    public void Start(Scheduler scheduler, StepResults results)
    {
        foreach (ScoringSequence sequence in _open.ToArray())
        {
            // Its log was complete.
            if (sequence.IsComplete)
                Finish(sequence, [], Ended(sequence, FinishReason.Length, results), results);
            else
                scheduler.Add(sequence);
        }
    }

    public void Sample(SchedulableSequence sequence, ReadOnlySpan<float> logits, RowSampler sampler, Scheduler scheduler, StepResults results)
    {
        var own = (ScoringSequence)sequence;
        float normalizer = sampler.Normalizer(logits);
        IReadOnlyList<TokenLogProb> top = sampler.Alternatives(logits, normalizer, _alternatives) ?? [];
        if (own.Scored == 0)
        {
            // The prompt is computed once: its logits score the first token of every sibling that has not begun.
            foreach (ScoringSequence sibling in _open.Where(one => one.Scored == 0 && one.State == SequenceState.Waiting).ToArray())
                Score(sibling, logits, normalizer, top, sampler, scheduler, results);
        }
        Score(own, logits, normalizer, top, sampler, scheduler, results);
    }

    public void Abandon(FinishReason reason, string? error, Scheduler scheduler, StepResults results)
    {
        foreach (ScoringSequence sequence in _open.ToArray())
            End(sequence, [], Ended(sequence, reason, results) with { Error = error }, scheduler, results);
    }

    private void Score(
        ScoringSequence sequence, ReadOnlySpan<float> logits, float normalizer, IReadOnlyList<TokenLogProb> top, RowSampler sampler,
        Scheduler scheduler,
        StepResults results)
    {
        if (sequence.Next is not { } token)
        {
            End(sequence, [], Ended(sequence, FinishReason.Length, results) with { Next = top }, scheduler, results);
            return;
        }
        float logProb = logits[token] - normalizer;
        if (!float.IsFinite(logProb))
        {
            End(sequence, [], Ended(sequence, FinishReason.Error, results) with { Error = NoNumber }, scheduler, results);
            return;
        }
        sequence.Advance(sampler.Now);
        var scored = new TokenEvent(token, _request.Tokenizer.Name(token), _request.Tokenizer.IsSpecial(token), logProb, top);
        if (sequence.IsComplete)
            End(sequence, [scored], Ended(sequence, FinishReason.Length, results), scheduler, results);
        else
            results.Add(_request, sequence.Index, scored);
    }

    private SequenceFinish Ended(ScoringSequence sequence, FinishReason reason, StepResults results)
    {
        int cached = Math.Max(0, sequence.Reused);
        return new SequenceFinish(reason, "", results.Usage(_request, cached, sequence.Scored, sequence.FirstScored, sequence.LastScored));
    }

    private void End(ScoringSequence sequence, IReadOnlyList<TokenEvent> tokens, SequenceFinish finish, Scheduler scheduler, StepResults results)
    {
        scheduler.Remove(sequence);
        Finish(sequence, tokens, finish, results);
    }

    private void Finish(ScoringSequence sequence, IReadOnlyList<TokenEvent> tokens, SequenceFinish finish, StepResults results)
    {
        _open.Remove(sequence);
        results.End(_request, sequence.Index, tokens, finish);
    }
}
