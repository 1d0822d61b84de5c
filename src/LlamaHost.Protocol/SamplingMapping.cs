using LlamaHost.Engine.Requests;

namespace LlamaHost.Protocol;

/// <summary>Sampling settings to and from their wire form.</summary>
internal static class SamplingMapping
{
    public static Sampling ToMessage(this SamplingSettings settings)
    {
        var message = new Sampling
        {
            DoSample = settings.DoSample,
            Temperature = settings.Temperature,
            TopK = settings.TopK,
            TopP = settings.TopP,
            MinP = settings.MinP,
            TopH = settings.TopH,
            TypicalP = settings.TypicalP,
            EpsilonCutoff = settings.EpsilonCutoff,
            EtaCutoff = settings.EtaCutoff,
            RenormalizeLogits = settings.RenormalizeLogits,
            RepetitionPenalty = settings.RepetitionPenalty,
            EncoderRepetitionPenalty = settings.EncoderRepetitionPenalty,
            NoRepeatNgramSize = settings.NoRepeatNgramSize,
            EncoderNoRepeatNgramSize = settings.EncoderNoRepeatNgramSize,
            RemoveInvalidValues = settings.RemoveInvalidValues,
            GuidanceScale = settings.GuidanceScale,
            FrequencyPenalty = settings.FrequencyPenalty,
            PresencePenalty = settings.PresencePenalty,
            TopNSigma = settings.TopNSigma,
            DynamicTemperatureRange = settings.DynamicTemperatureRange,
            DynamicTemperatureExponent = settings.DynamicTemperatureExponent,
            ExponentialDecayLengthPenalty = settings.ExponentialDecayLengthPenalty is { } decay
                ? new Decay { Start = decay.Start, Factor = decay.Factor }
                : null,
            Xtc = settings.Xtc is { } xtc ? new Xtc { Probability = xtc.Probability, Threshold = xtc.Threshold } : null,
            Mirostat = settings.Mirostat is { } mirostat ? new MirostatTarget { Tau = mirostat.Tau, Eta = mirostat.Eta } : null,
            Dry = settings.Dry?.ToMessage(),
        };
        if (settings.ForcedBosTokenId is { } bos)
            message.ForcedBosTokenId = bos;
        message.SequenceBias.AddRange(settings.SequenceBias.Select(one => new BiasedTokens { Tokens = { one.Tokens }, Bias = one.Bias }));
        message.BadWords.AddRange(settings.BadWords.Select(RequestMapping.ToMessage));
        message.SuppressTokens.AddRange(settings.SuppressTokens);
        message.BeginSuppressTokens.AddRange(settings.BeginSuppressTokens);
        message.ForcedEosTokenIds.AddRange(settings.ForcedEosTokenIds);
        message.NegativePromptTokens.AddRange(settings.NegativePromptTokens);
        message.LogitBias.AddRange(settings.LogitBias.Select(one => new BiasedToken { Token = one.Token, Bias = one.Bias }));
        return message;
    }

    public static SamplingSettings ToSettings(this Sampling message) => new()
    {
        DoSample = message.DoSample,
        Temperature = message.Temperature,
        TopK = message.TopK,
        TopP = message.TopP,
        MinP = message.MinP,
        TopH = message.TopH,
        TypicalP = message.TypicalP,
        EpsilonCutoff = message.EpsilonCutoff,
        EtaCutoff = message.EtaCutoff,
        RenormalizeLogits = message.RenormalizeLogits,
        RepetitionPenalty = message.RepetitionPenalty,
        EncoderRepetitionPenalty = message.EncoderRepetitionPenalty,
        NoRepeatNgramSize = message.NoRepeatNgramSize,
        EncoderNoRepeatNgramSize = message.EncoderNoRepeatNgramSize,
        SequenceBias = [.. message.SequenceBias.Select(one => new SequenceBias([.. one.Tokens], one.Bias))],
        BadWords = [.. message.BadWords.Select(one => one.ToTokens())],
        SuppressTokens = [.. message.SuppressTokens],
        BeginSuppressTokens = [.. message.BeginSuppressTokens],
        ForcedBosTokenId = message.HasForcedBosTokenId ? message.ForcedBosTokenId : null,
        ForcedEosTokenIds = [.. message.ForcedEosTokenIds],
        ExponentialDecayLengthPenalty = message.ExponentialDecayLengthPenalty is { } decay ? new ExponentialDecay(decay.Start, decay.Factor) : null,
        RemoveInvalidValues = message.RemoveInvalidValues,
        GuidanceScale = message.GuidanceScale,
        NegativePromptTokens = [.. message.NegativePromptTokens],
        LogitBias = [.. message.LogitBias.Select(one => new TokenBias(one.Token, one.Bias))],
        FrequencyPenalty = message.FrequencyPenalty,
        PresencePenalty = message.PresencePenalty,
        Dry = message.Dry is { } dry
            ? new DrySettings(dry.Multiplier, dry.Base, dry.AllowedLength, dry.PenaltyLastN, [.. dry.Breakers.Select(one => one.ToTokens())]) : null,
        TopNSigma = message.TopNSigma,
        Xtc = message.Xtc is { } xtc ? new XtcSettings(xtc.Probability, xtc.Threshold) : null,
        DynamicTemperatureRange = message.DynamicTemperatureRange,
        DynamicTemperatureExponent = message.DynamicTemperatureExponent,
        Mirostat = message.Mirostat is { } mirostat ? new MirostatSettings(mirostat.Tau, mirostat.Eta) : null,
    };

    private static Dry ToMessage(this DrySettings dry)
    {
        var message = new Dry { Multiplier = dry.Multiplier, Base = dry.Base, AllowedLength = dry.AllowedLength, PenaltyLastN = dry.PenaltyLastN };
        message.Breakers.AddRange(dry.Breakers.Select(RequestMapping.ToMessage));
        return message;
    }
}
