using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Sampling;

/// <summary>One sequence's processors and warpers in Hugging Face's order; only those that its settings switch on.</summary>
internal sealed class SamplingPipeline
{
    private readonly ILogitsProcessor[] _processors;
    private readonly IWarper[] _warpers;

    /// <param name="settings">Valid settings.</param>
    /// <param name="minNewTokens">No end token before this many new tokens.</param>
    /// <param name="endTokens">End and stop token ids.</param>
    /// <param name="vocabulary">Number of token ids.</param>
    public SamplingPipeline(SamplingSettings settings, int minNewTokens, int[] endTokens, int vocabulary)
    {
        DoSample = settings.DoSample;
        List<ILogitsProcessor> processors = [];
        if (settings.RepetitionPenalty != 1)
            processors.Add(new RepetitionPenaltyProcessor(settings.RepetitionPenalty, vocabulary));
        if (minNewTokens > 0 && endTokens.Length > 0)
            processors.Add(new MinNewTokensProcessor(minNewTokens, endTokens));
        _processors = [.. processors];
        List<IWarper> warpers = [];
        if (settings.DoSample)
        {
            if (settings.Temperature != 1)
                warpers.Add(new TemperatureWarper(settings.Temperature));
            if (settings.TopK > 0)
                warpers.Add(new TopKWarper(settings.TopK));
            if (settings.TopP < 1)
                warpers.Add(new TopPWarper(settings.TopP));
            if (settings.MinP > 0)
                warpers.Add(new MinPWarper(settings.MinP));
        }
        _warpers = [.. warpers];
    }

    public bool DoSample { get; }

    /// <summary>The chosen token is the largest logit: no copy of the logits is needed.</summary>
    public bool IsPlainGreedy => !DoSample && _processors.Length == 0;

    /// <summary>Takes note of a token of the prompt or the continuation.</summary>
    public void Observe(int token)
    {
        foreach (ILogitsProcessor processor in _processors)
            processor.Observe(token);
    }

    /// <summary>Fills the set with what can be drawn after the tokens observed so far.</summary>
    public void Apply(ReadOnlySpan<float> logits, int newTokens, CandidateSet candidates)
    {
        candidates.Reset(logits);
        foreach (ILogitsProcessor processor in _processors)
            processor.Apply(candidates.Scores, newTokens);
        foreach (IWarper warper in _warpers)
            warper.Apply(candidates);
    }
}
