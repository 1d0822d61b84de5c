using LlamaHost.Engine.Requests;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.OpenAi.Common;

/// <summary>What the shared fields come to for the engine.</summary>
internal static class SamplingRule
{
    // Every JSON reader keeps integers up to here exactly.
    private const ulong LargestExactInteger = (1UL << 53) - 1;

    /// <summary>Checks everything that can be checked before a model is looked at.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="prompts">Number of prompts.</param>
    /// <param name="each">Sequences of each prompt, and the field that asks for them.</param>
    /// <param name="maxSequences">Most sequences of one request.</param>
    /// <returns>The grammar in GBNF that every text matches, or <see langword="null"/>.</returns>
    /// <exception cref="ApiException">Values that contradict each other, more sequences than allowed, a grammar that can't be enforced.</exception>
    public static string? CheckAlone(SamplingFields fields, int prompts, (string Field, int Count) each, int maxSequences)
    {
        if (fields.IncludeUsage is not null && !fields.Stream)
            throw ApiException.BadRequest(ErrorCodes.ConflictingFields, "stream_options", "stream_options is allowed only when stream is true.");
        long sequences = (long)prompts * each.Count;
        if (sequences > maxSequences)
        {
            throw ApiException.BadRequest(
                ErrorCodes.TooManySequences, each.Count > 1 ? each.Field : "prompt",
                $"{prompts} prompts times {each.Count} are {sequences} sequences; one request may have {maxSequences}.");
        }
        return TextConstraint.ToGbnf(fields.Constraints);
    }

    /// <summary>Token ids must be the model's: llama.cpp ends the process over any other.</summary>
    /// <exception cref="ApiException"><c>out_of_range</c>, with the field.</exception>
    public static void CheckTokens(SamplingFields fields, ModelDescription model)
    {
        CheckTokens(fields.LogitBias.Select(one => one.Token), "logit_bias", model);
        CheckTokens(fields.StopTokenIds, "stop_token_ids", model);
    }

    /// <summary>Checks ids of one field.</summary>
    /// <exception cref="ApiException"><c>out_of_range</c>, with the field.</exception>
    public static void CheckTokens(IEnumerable<int> ids, string field, ModelDescription model)
    {
        foreach (int id in ids)
        {
            if (id < 0 || id >= model.VocabularySize)
                throw ApiException.BadRequest(
                    ErrorCodes.OutOfRange, field, $"{field} holds {id}; the model's token ids are 0 to {model.VocabularySize - 1}.");
        }
    }

    /// <summary>The seed of all prompts, a random one if none is given.</summary>
    public static ulong SeedOf(SamplingFields fields) => fields.Seed ?? ((ulong)Random.Shared.NextInt64() & LargestExactInteger);

    /// <summary>The engine's request for one prompt.</summary>
    /// <param name="id">Its id, unique among the open ones.</param>
    /// <param name="fields">The fields, checked.</param>
    /// <param name="prompt">The prompt's tokens.</param>
    /// <param name="maxNewTokens">Most new tokens; with the prompt they fit into the context.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="grammar">GBNF, or <see langword="null"/>.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="ApiException">Fewer tokens are allowed than required.</exception>
    public static GenerationRequest ToRequest(
        string id, SamplingFields fields, IReadOnlyList<int> prompt, int maxNewTokens, ulong seed, string? grammar, ModelDescription model)
    {
        if (fields.MinTokens > maxNewTokens)
        {
            throw ApiException.BadRequest(
                ErrorCodes.ConflictingFields, "min_tokens",
                $"min_tokens is {fields.MinTokens}, but there may be at most {maxNewTokens} new tokens.");
        }
        // An encoder reads the prompt; what is continued then is the decoder's start.
        bool hasEncoder = model.EncoderLength > 0;
        return new GenerationRequest
        {
            Id = id,
            PromptTokens = hasEncoder ? [model.DecoderStartTokenId ?? 0] : prompt,
            EncoderTokens = hasEncoder ? prompt : [],
            SequenceCount = fields.N,
            Seed = seed,
            Sampling = Settings(fields),
            Grammar = grammar,
            Stop = new StopSettings
            {
                MaxNewTokens = maxNewTokens,
                MinNewTokens = fields.MinTokens,
                EosTokenIds = fields.IgnoreEos ? [] : null,
                StopTokenIds = fields.StopTokenIds,
                StopTexts = fields.Stop,
            },
            SkipSpecialTokens = fields.SkipSpecialTokens,
            Priority = fields.Priority,
            CacheSalt = fields.CacheSalt,
        };
    }

    private static SamplingSettings Settings(SamplingFields fields)
    {
        bool samples = fields.Temperature > 0;
        return new SamplingSettings
        {
            DoSample = samples,
            Temperature = samples ? fields.Temperature : 1,
            TopK = Math.Max(0, fields.TopK),
            TopP = Math.Max(SamplingParameters.LeastFactor, fields.TopP),
            MinP = fields.MinP,
            TypicalP = fields.TypicalP,
            RepetitionPenalty = fields.RepetitionPenalty,
            LogitBias = [.. fields.LogitBias.Select(one => new TokenBias(one.Token, one.Bias))],
            FrequencyPenalty = fields.FrequencyPenalty,
            PresencePenalty = fields.PresencePenalty,
            Xtc = samples && fields.XtcProbability > 0 ? new XtcSettings(fields.XtcProbability, fields.XtcThreshold) : null,
        };
    }
}
