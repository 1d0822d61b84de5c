using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Generation;

/// <summary>What sampling settings must fulfil.</summary>
internal static class SamplingRules
{
    /// <exception cref="InvalidRequestException">The first rule that does not hold.</exception>
    public static void Check(SamplingSettings sampling, ModelDescription model)
    {
        CheckFactor(sampling.Temperature, "temperature");
        RequestRules.CheckRange(sampling.TopK >= 0, "top_k", sampling.TopK, "0 or more");
        CheckFraction(sampling.TopP, "top_p", zero: false, one: true);
        CheckFraction(sampling.MinP, "min_p", zero: true, one: true);
        CheckFraction(sampling.TopH, "top_h", zero: true, one: true);
        CheckFraction(sampling.TypicalP, "typical_p", zero: false, one: true);
        CheckFraction(sampling.EpsilonCutoff, "epsilon_cutoff", zero: true, one: false);
        CheckFraction(sampling.EtaCutoff, "eta_cutoff", zero: true, one: false);
        CheckFactor(sampling.RepetitionPenalty, "repetition_penalty");
        CheckFactor(sampling.EncoderRepetitionPenalty, "encoder_repetition_penalty");
        RequestRules.CheckRange(sampling.NoRepeatNgramSize >= 0, "no_repeat_ngram_size", sampling.NoRepeatNgramSize, "0 or more");
        RequestRules.CheckRange(
            sampling.EncoderNoRepeatNgramSize >= 0, "encoder_no_repeat_ngram_size", sampling.EncoderNoRepeatNgramSize, "0 or more");
        CheckFinite(sampling.GuidanceScale, "guidance_scale");
        CheckFinite(sampling.FrequencyPenalty, nameof(sampling.FrequencyPenalty));
        CheckFinite(sampling.PresencePenalty, nameof(sampling.PresencePenalty));
        RequestRules.CheckRange(float.IsFinite(sampling.TopNSigma) && sampling.TopNSigma >= 0, "top_n_sigma", sampling.TopNSigma, "0 or more");
        RequestRules.CheckRange(
            float.IsFinite(sampling.DynamicTemperatureRange) && sampling.DynamicTemperatureRange >= 0, "dynatemp_range",
            sampling.DynamicTemperatureRange, "0 or more");
        CheckFactor(sampling.DynamicTemperatureExponent, "dynatemp_exponent");
        CheckGroups(sampling);
        CheckTokens(sampling, model);
    }

    private static void CheckGroups(SamplingSettings sampling)
    {
        if (sampling.ExponentialDecayLengthPenalty is { } decay)
            RequestRules.CheckRange(
                decay.Start >= 0 && float.IsFinite(decay.Factor) && decay.Factor > 0, "exponential_decay_length_penalty", decay,
                "a start of 0 or more and a factor above 0");
        if (sampling.Dry is { } dry)
        {
            bool valid = float.IsFinite(dry.Multiplier) && dry.Multiplier > 0 && float.IsFinite(dry.Base) && dry.Base >= 1 && dry.AllowedLength >= 0
                && dry.PenaltyLastN >= -1;
            RequestRules.CheckRange(
                valid && dry.Breakers.All(one => one.Count > 0), "dry_multiplier", dry,
                "a multiplier above 0, a base of at least 1, lengths of 0 or more");
        }
        if (sampling.Xtc is { } xtc)
            RequestRules.CheckRange(
                xtc is { Probability: > 0 and <= 1, Threshold: > 0 and <= 0.5f }, "xtc_probability", xtc,
                "a probability up to 1 and a threshold up to 0.5");
        if (sampling.Mirostat is { } mirostat)
            RequestRules.CheckRange(
                mirostat is { Tau: > 0 and < float.PositiveInfinity, Eta: > 0 and < float.PositiveInfinity }, "mirostat_tau", mirostat, "above 0");
    }

    private static void CheckTokens(SamplingSettings sampling, ModelDescription model)
    {
        CheckSequences(sampling.SequenceBias.Select(one => one.Tokens), "sequence_bias", model);
        CheckSequences(sampling.BadWords, "bad_words_ids", model);
        RequestRules.CheckTokens(sampling.SuppressTokens, "suppress_tokens", model);
        RequestRules.CheckTokens(sampling.BeginSuppressTokens, "begin_suppress_tokens", model);
        RequestRules.CheckTokens(sampling.ForcedEosTokenIds, "forced_eos_token_id", model);
        RequestRules.CheckTokens([.. sampling.LogitBias.Select(one => one.Token)], nameof(sampling.LogitBias), model);
        RequestRules.CheckTokens(sampling.NegativePromptTokens, "negative_prompt", model);
        if (sampling.ForcedBosTokenId is { } bos)
            RequestRules.CheckTokens([bos], "forced_bos_token_id", model);
    }

    private static void CheckSequences(IEnumerable<IReadOnlyList<int>> sequences, string field, ModelDescription model)
    {
        foreach (IReadOnlyList<int> tokens in sequences)
        {
            RequestRules.CheckRange(tokens.Count > 0, field, "empty", "a list of at least one token id");
            RequestRules.CheckTokens(tokens, field, model);
        }
    }

    private static void CheckFactor(float value, string field) =>
        RequestRules.CheckRange(float.IsFinite(value) && value > 0, field, value, "above 0");

    private static void CheckFinite(float value, string field) => RequestRules.CheckRange(float.IsFinite(value), field, value, "a number");

    private static void CheckFraction(float value, string field, bool zero, bool one) => RequestRules.CheckRange(
        value is > 0 and < 1 || (zero && value == 0) || (one && value == 1), field, value,
        $"{(zero ? "0 or " : "")}above 0 and {(one ? "at most" : "below")} 1");
}
