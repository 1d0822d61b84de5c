using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Scheduling;

namespace LlamaHost.Engine.Generation.Beams;

/// <summary>A request's sequences, found by beam search. They come all at once when it ends.</summary>
internal sealed class BeamSearchWork(EngineRequest request, long arrival) : IRequestWork
{
    private readonly BeamSearch _search = new(request);
    private long _firstToken;
    private int _cached;
    private float _normalizer;

    public bool HasEnded { get; private set; }

    public void Start(Scheduler scheduler, StepResults results)
    {
        var first = new BeamSequence(_search, SchedulingOrder.Of(request.Request.Priority, arrival, 0));
        _search.Start(first);
        scheduler.Add(first);
    }

    public void Sample(SchedulableSequence sequence, ReadOnlySpan<float> logits, RowSampler sampler, Scheduler scheduler, StepResults results)
    {
        var beam = (BeamSequence)sequence;
        if (_firstToken == 0)
            (_firstToken, _cached) = (sampler.Now, Math.Max(0, beam.Reused));
        if (!Offer(beam, logits, sampler))
            return;
        BeamSequence[] before = [.. _search.Running];
        _search.Advance(sampler.IsTimeUp(request));
        // New beams first: they take over what is computed from those that end.
        foreach (BeamSequence added in _search.Running.Except(before))
            scheduler.Add(added);
        foreach (BeamSequence ended in before.Except(_search.Running))
            scheduler.Remove(ended, keep: false);
        if (_search.Running.Count == 0)
            Complete(sampler, results);
    }

    public void Abandon(FinishReason reason, string? error, Scheduler scheduler, StepResults results)
    {
        foreach (BeamSequence beam in _search.Running)
            scheduler.Remove(beam);
        foreach (int index in Indices)
            results.End(request, index, [], new SequenceFinish(reason, "", results.Usage(request, _cached, 0, _firstToken, 0)) { Error = error });
        HasEnded = true;
    }

    // All come with one event; those that another engine had finished are not told again.
    private IEnumerable<int> Indices => Enumerable.Range(0, request.Request.SequenceCount).Except(request.Request.FinishedSequences);

    private bool Offer(BeamSequence beam, ReadOnlySpan<float> logits, RowSampler sampler)
    {
        float normalizer = _normalizer = sampler.Normalizer(logits);
        request.Pipeline.Apply(logits, beam.History, sampler.Candidates, uniform: 0, beam.Text.Constraint);
        return _search.Offer(beam, sampler.Candidates, logits, normalizer, sampler.Alternatives(logits, normalizer, request.Request.LogProbs));
    }

    private void Complete(RowSampler sampler, StepResults results)
    {
        foreach (int index in Indices)
        {
            if (index < _search.Pool.Count)
                Complete(index, _search.Pool[index], sampler.Now, results);
            else
                Fail(index, results);
        }
        HasEnded = true;
    }

    // Fewer ways to go on than sequences asked for. The last logits tell whose fault that is: a model that fails does so for good.
    private void Fail(int index, StepResults results)
    {
        (FinishReason why, string error) = RowSampler.WhyNoToken(_normalizer);
        results.End(request, index, [], new SequenceFinish(why, "", results.Usage(request, _cached, 0, _firstToken, 0)) { Error = error });
    }

    private void Complete(int index, BeamHypothesis found, long now, StepResults results)
    {
        var text = new SequenceText(request.PromptText);
        IReadOnlyList<BeamToken> chosen = found.Tokens;
        bool logProbs = request.Request.LogProbs is not null;
        TokenEvent[] tokens =
        [
            .. chosen.Select(one => new TokenEvent(
                one.Token, text.Push(one.Token), request.Tokenizer.IsSpecial(one.Token), logProbs ? one.LogProb : null, one.Alternatives)),
        ];
        string rest = text.Flush();
        SequenceUsage usage = results.Usage(request, _cached, tokens.Length, _firstToken, now);
        // Without a reason of its own it was the time limit.
        results.End(
            request, index, tokens,
            new SequenceFinish(text.Finished ?? FinishReason.Length, rest, usage) { StopText = text.StopText, Score = found.Score });
    }
}
