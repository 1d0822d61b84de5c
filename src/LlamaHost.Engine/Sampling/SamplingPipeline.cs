using LlamaHost.Engine.Constraints;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Sampling.Processors;
using LlamaHost.Engine.Sampling.Warpers;

namespace LlamaHost.Engine.Sampling;

/// <summary>
/// A request's processors and warpers in Hugging Face's order; only those that its settings switch on. What Hugging Face does not have stands where
/// llama.cpp has it, relative to its neighbours.
/// </summary>
internal sealed class SamplingPipeline
{
    // One row each. Adding a processor or warper is a file of its own and its row here.
    private static readonly Func<PipelineContext, ILogitsProcessor?>[] ProcessorOrder =
    [
        of => of.Settings.LogitBias.Count > 0 ? new LogitBiasProcessor([.. of.Settings.LogitBias]) : null,
        of => of.Settings.SequenceBias.Count > 0 ? new SequenceBiasProcessor(of.Settings.SequenceBias) : null,
        of => of.Settings.EncoderRepetitionPenalty != 1
            ? new RepetitionPenaltyProcessor(1 / of.Settings.EncoderRepetitionPenalty, ofSource: true, of.Vocabulary) : null,
        of => of.Settings.RepetitionPenalty != 1
            ? new RepetitionPenaltyProcessor(of.Settings.RepetitionPenalty, ofSource: false, of.Vocabulary) : null,
        of => of.Settings.FrequencyPenalty != 0 || of.Settings.PresencePenalty != 0
            ? new OccurrencePenaltyProcessor(of.Settings.FrequencyPenalty, of.Settings.PresencePenalty, of.Vocabulary) : null,
        of => of.Settings.Dry is { } dry ? new DryProcessor(dry) : null,
        of => of.Settings.NoRepeatNgramSize > 0 ? new NoRepeatNgramProcessor(of.Settings.NoRepeatNgramSize, ofSource: false) : null,
        of => of.Settings.EncoderNoRepeatNgramSize > 0 ? new NoRepeatNgramProcessor(of.Settings.EncoderNoRepeatNgramSize, ofSource: true) : null,
        of => BadWords(of) is { Length: > 0 } words ? new SequenceBiasProcessor(words) : null,
        of => of.MinNewTokens > 0 && of.EosTokens.Length + of.StopTokens.Length > 0
            ? new MinNewTokensProcessor(of.MinNewTokens, [.. of.EosTokens, .. of.StopTokens]) : null,
        of => of.Settings.ForcedBosTokenId is { } bos ? new ForcedBosTokenProcessor(bos) : null,
        of => of.Settings.ForcedEosTokenIds.Count > 0 ? new ForcedEosTokenProcessor(of.MaxNewTokens, [.. of.Settings.ForcedEosTokenIds]) : null,
        of => of.Settings.RemoveInvalidValues ? new InvalidValuesProcessor() : null,
        of => of.Settings.ExponentialDecayLengthPenalty is { } decay ? new ExponentialDecayProcessor(decay, of.EosTokens) : null,
        of => of.Settings.SuppressTokens.Count > 0 ? new SuppressTokensProcessor([.. of.Settings.SuppressTokens]) : null,
        of => of.Settings.BeginSuppressTokens.Count > 0
            ? new BeginSuppressTokensProcessor([.. of.Settings.BeginSuppressTokens], of.Settings.ForcedBosTokenId is not null) : null,
    ];

    private static readonly Func<PipelineContext, IWarper?>[] WarperOrder =
    [
        of => of.Settings.DynamicTemperatureRange > 0
            ? new DynamicTemperatureWarper(of.Settings.Temperature, of.Settings.DynamicTemperatureRange, of.Settings.DynamicTemperatureExponent)
            : of.Settings.Temperature != 1 ? new TemperatureWarper(of.Settings.Temperature) : null,
        of => of.Settings.TopNSigma > 0 ? new TopNSigmaWarper(of.Settings.TopNSigma, of.MinKeep) : null,
        of => of.Settings.TopH > 0 ? new TopHWarper(of.Settings.TopH) : null,
        of => of.Settings.TopK > 0 ? new TopKWarper(of.Settings.TopK, of.MinKeep) : null,
        of => of.Settings.TopP < 1 ? new TopPWarper(of.Settings.TopP, of.MinKeep) : null,
        of => of.Settings.MinP > 0 ? new MinPWarper(of.Settings.MinP, of.MinKeep) : null,
        of => of.Settings.TypicalP < 1 ? new TypicalWarper(of.Settings.TypicalP, of.MinKeep) : null,
        of => of.Settings.EpsilonCutoff > 0 ? new EpsilonWarper(of.Settings.EpsilonCutoff, of.MinKeep) : null,
        of => of.Settings.EtaCutoff > 0 ? new EtaWarper(of.Settings.EtaCutoff, of.MinKeep) : null,
    ];

    private readonly ILogitsProcessor[] _processors;
    private readonly IWarper[] _warpers;
    private readonly XtcWarper? _xtc;
    private readonly bool _renormalize;
    private readonly bool _ofLogProbabilities;

    /// <param name="context">What they are made from.</param>
    public SamplingPipeline(PipelineContext context)
    {
        SamplingSettings settings = context.Settings;
        DoSample = settings.DoSample;
        _processors = [.. ProcessorOrder.Select(make => make(context)).OfType<ILogitsProcessor>()];
        // Mirostat does the truncation itself: only the temperature stands before it.
        bool truncates = settings.Mirostat is null;
        _warpers = settings.DoSample ? [.. WarperOrder.Take(truncates ? WarperOrder.Length : 1).Select(make => make(context)).OfType<IWarper>()] : [];
        _xtc = settings.DoSample && truncates && settings.Xtc is { } xtc ? new XtcWarper(xtc) : null;
        CanCheckAfterwards = !DoSample || (truncates && _xtc is null && _warpers.All(warper => warper is TemperatureWarper));
        _renormalize = settings.RenormalizeLogits;
        _ofLogProbabilities = context.IsBeamSearch;
    }

    public bool DoSample { get; }

    /// <summary>The chosen token is the largest logit: no copy of the logits is needed.</summary>
    public bool IsPlainGreedy => !DoSample && _processors.Length == 0;

    /// <summary>
    /// What is chosen from the whole vocabulary is, if a grammar allows it, what would be chosen from what the grammar allows: the best token is the
    /// best of fewer, and drawing again from the allowed ones after a forbidden one (rejection sampling) gives their own distribution, as long as
    /// nothing is truncated.
    /// </summary>
    public bool CanCheckAfterwards { get; }

    /// <summary>Fills the set with what can be chosen.</summary>
    /// <param name="logits">Raw logits.</param>
    /// <param name="history">The tokens so far.</param>
    /// <param name="candidates">Receives them.</param>
    /// <param name="uniform">A random number in [0, 1) for warpers that need one.</param>
    /// <param name="constraint">
    /// What may be chosen at all. Behind the processors, so that none beats it; before the warpers, so that they leave some.
    /// </param>
    public void Apply(ReadOnlySpan<float> logits, TokenHistory history, CandidateSet candidates, double uniform, ConstraintState? constraint = null)
    {
        candidates.Reset(logits);
        // In beam search everything works on log-probabilities, and what comes out need not be normalised.
        if (_ofLogProbabilities)
            candidates.Normalize();
        foreach (ILogitsProcessor processor in _processors)
            processor.Apply(candidates.Change(), history);
        if (constraint is { } allowed)
            Keep(candidates, allowed);
        if (candidates.Count == 0)
            return;
        foreach (IWarper warper in _warpers)
            warper.Apply(candidates);
        _xtc?.Apply(candidates, uniform);
        if (_renormalize)
            candidates.Normalize();
    }

    /// <summary>Keeps, of the whole vocabulary, what a grammar allows.</summary>
    public static void Keep(CandidateSet candidates, ConstraintState constraint)
    {
        constraint.Mark(candidates.Mask);
        candidates.KeepMarked();
    }

    // A bad word that is just an end token is none: it would make the sequence endless. Source: NoBadWordsLogitsProcessor.
    private static SequenceBias[] BadWords(PipelineContext of) =>
        [.. of.Settings.BadWords.Where(word => word.Count > 1 || !of.EosTokens.Contains(word[0]))
            .Select(word => new SequenceBias(word, float.NegativeInfinity))];
}
