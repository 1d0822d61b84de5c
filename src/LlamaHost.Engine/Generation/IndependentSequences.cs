using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Scheduling;

namespace LlamaHost.Engine.Generation;

/// <summary>A request's sequences, each continued on its own: greedy or sampled.</summary>
internal sealed class IndependentSequences : IRequestWork
{
    private readonly EngineRequest _request;
    private readonly List<EngineSequence> _open = [];

    /// <summary>Replays the token logs that the request comes with.</summary>
    /// <param name="request">The request.</param>
    /// <param name="arrival">Its arrival number.</param>
    public IndependentSequences(EngineRequest request, long arrival)
    {
        _request = request;
        for (int index = 0; index < request.Request.SequenceCount; index++)
        {
            if (request.Request.FinishedSequences.Contains(index))
                continue;
            var sequence = new EngineSequence(request, index, SchedulingOrder.Of(request.Request.Priority, arrival, index));
            foreach (int token in request.Request.Resume?[index] ?? [])
            {
                if (sequence.Text.Finished is null)
                    sequence.Accept(token);
            }
            sequence.WantReplayed();
            _open.Add(sequence);
        }
    }

    public bool HasEnded => _open.Count == 0;

    public void Start(Scheduler scheduler, StepResults results)
    {
        foreach (EngineSequence sequence in _open.ToArray())
        {
            // Its log was complete.
            if (sequence.Text.Finished is { } reason)
                Finish(sequence, [], reason, null, results);
            else
                Add(sequence, scheduler);
        }
    }

    public void Sample(SchedulableSequence sequence, ReadOnlySpan<float> logits, RowSampler sampler, Scheduler scheduler, StepResults results)
    {
        EngineSequence own = sequence as EngineSequence ?? ((Guidance)sequence).Guided;
        if (own.Guidance is { } guidance)
        {
            if (!guidance.Offer(sequence, logits))
                return;
            (float[] scores, float[] raw) = guidance.Combine(sampler);
            Choose(own, scores, raw, sampler, scheduler, results);
            return;
        }
        if (sampler.Replays(logits, own))
            return;
        if (own.NewTokens > 0)
        {
            Choose(own, logits, logits, sampler, scheduler, results);
            return;
        }
        // The prompt is computed once: its logits are the first choice of every sibling that has none yet.
        foreach (EngineSequence sibling in _open.ToArray())
        {
            if (sibling.NewTokens == 0)
                Choose(sibling, logits, logits, sampler, scheduler, results);
        }
    }

    public void Abandon(FinishReason reason, string? error, Scheduler scheduler, StepResults results)
    {
        foreach (EngineSequence sequence in _open.ToArray())
            End(sequence, [], reason, error, scheduler, results);
    }

    private void Choose(
        EngineSequence sequence, ReadOnlySpan<float> scores, ReadOnlySpan<float> logits, RowSampler sampler, Scheduler scheduler, StepResults results)
    {
        int token = sampler.Choose(scores, sequence);
        if (token < 0)
        {
            (FinishReason why, string error) = RowSampler.WhyNoToken(sampler.Normalizer(logits));
            End(sequence, [], why, error, scheduler, results);
            return;
        }
        sequence.LastToken = sampler.Now;
        if (sequence.FirstToken == 0)
            sequence.FirstToken = sequence.LastToken;
        string text = sequence.Accept(token);
        var chosen = sampler.Describe(token, text, logits, _request.Request.LogProbs);
        FinishReason? finished = sequence.Text.Finished ?? (sampler.IsTimeUp(_request) ? FinishReason.Length : null);
        if (finished is { } reason)
            End(sequence, [chosen], reason, null, scheduler, results);
        else
            results.Add(_request, sequence.Index, chosen);
    }

    private static void Add(EngineSequence sequence, Scheduler scheduler)
    {
        scheduler.Add(sequence);
        if (sequence.Guidance is { } guidance)
            scheduler.Add(guidance);
    }

    private void End(
        EngineSequence sequence, IReadOnlyList<TokenEvent> tokens, FinishReason reason, string? error, Scheduler scheduler, StepResults results)
    {
        scheduler.Remove(sequence);
        if (sequence.Guidance is { } guidance)
            scheduler.Remove(guidance);
        Finish(sequence, tokens, reason, error, results);
    }

    private void Finish(EngineSequence sequence, IReadOnlyList<TokenEvent> tokens, FinishReason reason, string? error, StepResults results)
    {
        string rest = sequence.Text.Flush();
        // A sequence that ended before it got a slot of its own took everything from the sibling that computed the prompt.
        int cached = sequence.Reused >= 0 ? sequence.Reused : sequence.FirstToken == 0 ? 0 : sequence.PromptLength;
        SequenceUsage usage = results.Usage(_request, cached, sequence.NewTokens, sequence.FirstToken, sequence.LastToken) with
        {
            DraftedTokens = sequence.ComputedDrafts, AcceptedTokens = sequence.AcceptedDrafts,
        };
        results.End(
            _request, sequence.Index, tokens,
            new SequenceFinish(sequence.Text.Finished ?? reason, rest, usage) { StopText = sequence.Text.StopText, Error = error });
        _open.Remove(sequence);
    }
}
