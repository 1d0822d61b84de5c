using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Generation;

/// <summary>
/// What a request must fulfil so that the engine can serve it. The server checks the same with the client's own words; here it is the last line
/// before native code, which aborts the process on a wrong token id.
/// </summary>
internal static class RequestRules
{
    /// <exception cref="InvalidRequestException">The first rule that does not hold.</exception>
    public static void Check(GenerationRequest request, ModelDescription model)
    {
        if (request.Id.Length == 0)
            throw Invalid("invalid_value", "id", "The request's id is empty.");
        if (!model.CanGenerate)
            throw Invalid("unsupported_by_model", "model", "The model makes embeddings and can't continue a text.");
        if (request.PromptTokens.Count == 0)
            throw Invalid("empty_prompt", "prompt", "The prompt has no tokens.");
        CheckTokens(request.PromptTokens, "prompt", model);
        CheckEncoder(request, model);
        CheckRange(request.SequenceCount >= 1, "num_return_sequences", request.SequenceCount, "1 or more");
        CheckRange(
            request.LogProbs is null or (>= 0 and <= GenerationRequest.MaxLogProbs), "logprobs", request.LogProbs,
            $"0 to {GenerationRequest.MaxLogProbs}");
        if (request.PromptLookup is { } lookup)
        {
            CheckRange(lookup.MaxTokens >= 1, "prompt_lookup_num_tokens", lookup.MaxTokens, "1 or more");
            CheckRange(lookup.MaxMatchingNgramSize >= 1, "max_matching_ngram_size", lookup.MaxMatchingNgramSize, "1 or more");
        }
        SamplingRules.Check(request.Sampling, model);
        CheckStops(request.Stop, model);
        if (request.Continuations is { } continuations)
            ScoringRules.Check(request, continuations, model);
        else
            CheckLength(request, model);
        if (request is { Grammar: not null, Continuations: not null })
            throw Invalid("unsupported_combination", "grammar", "A grammar has no meaning where the text is given.");
        CheckGuidance(request, model);
        CheckMirostat(request);
        CheckResume(request, model);
        if (request.Beams is { } beams)
        {
            CheckRange(beams.Count >= 2, "num_beams", beams.Count, "2 or more");
            CheckRange(request.SequenceCount <= beams.Count, "num_return_sequences", request.SequenceCount, $"at most num_beams, {beams.Count}");
            CheckRange(float.IsFinite(beams.LengthPenalty), "length_penalty", beams.LengthPenalty, "a number");
        }
    }

    private static void CheckStops(StopSettings stop, ModelDescription model)
    {
        CheckRange(stop.MaxNewTokens >= 1, "max_new_tokens", stop.MaxNewTokens, "1 or more");
        CheckRange(stop.MinNewTokens >= 0, "min_new_tokens", stop.MinNewTokens, "0 or more");
        CheckTokens(stop.EosTokenIds ?? [], "eos_token_id", model);
        CheckTokens(stop.StopTokenIds, "stop_token_ids", model);
        if (stop.StopTexts.Any(string.IsNullOrEmpty))
            throw Invalid("invalid_value", "stop", "A stop text is empty.");
        if (stop.KeptStopTexts.Any(string.IsNullOrEmpty))
            throw Invalid("invalid_value", "stop_strings", "A stop text is empty.");
        CheckRange(stop.MaxTime is null || stop.MaxTime > TimeSpan.Zero, "max_time", stop.MaxTime, "above 0");
    }

    private static void CheckLength(GenerationRequest request, ModelDescription model)
    {
        long total = (long)request.PromptTokens.Count + request.Stop.MaxNewTokens;
        if (total > model.ContextLength)
            throw Invalid(
                "context_length_exceeded", "max_new_tokens",
                $"The prompt's {request.PromptTokens.Count} tokens and {request.Stop.MaxNewTokens} new ones are {total}, but the context holds "
                    + $"{model.ContextLength}.");
    }

    private static void CheckEncoder(GenerationRequest request, ModelDescription model)
    {
        CheckTokens(request.EncoderTokens, "prompt", model);
        int count = request.EncoderTokens.Count;
        if (model.EncoderLength == 0 ? count > 0 : count == 0)
            throw Invalid(
                "invalid_value", "prompt",
                model.EncoderLength == 0 ? "The model has no encoder to read a text." : "The model's encoder has no text to read.");
        if (count > model.EncoderLength)
            throw Invalid(
                "context_length_exceeded", "prompt", $"The prompt has {count} tokens, but the encoder reads at most {model.EncoderLength}.");
    }

    private static void CheckMirostat(GenerationRequest request)
    {
        if (request.Sampling.Mirostat is not null && (request.Beams is not null || request.Sampling.GuidanceScale != 1))
            throw Invalid("unsupported_combination", "mirostat", "Mirostat works neither with beam search nor with guidance.");
    }

    private static void CheckGuidance(GenerationRequest request, ModelDescription model)
    {
        if (request.Sampling.GuidanceScale == 1)
            return;
        if (model.EncoderLength > 0)
            throw Invalid(
                "unsupported_combination", "guidance_scale",
                "Guidance does not work with encoder-decoder models: the encoder holds one text at a time.");
        if (request.Beams is not null)
            throw Invalid(
                "unsupported_combination", "guidance_scale", "Guidance does not work with beam search: its second sequence can't follow the beams.");
        int negative = request.Sampling.NegativePromptTokens.Count;
        if ((long)negative + request.Stop.MaxNewTokens > model.ContextLength)
            throw Invalid(
                "context_length_exceeded", "negative_prompt",
                $"The negative prompt's {negative} tokens and {request.Stop.MaxNewTokens} new ones are more than the context's "
                    + $"{model.ContextLength}.");
    }

    private static void CheckResume(GenerationRequest request, ModelDescription model)
    {
        if (request.Resume is { } resume)
        {
            if (resume.Count != request.SequenceCount)
                throw Invalid("invalid_value", "resume", $"There are {resume.Count} token logs for {request.SequenceCount} sequences.");
            foreach (IReadOnlyList<int> log in resume)
            {
                CheckTokens(log, "resume", model);
                CheckRange(
                    request.Continuations is not null || log.Count <= request.Stop.MaxNewTokens, "resume", log.Count,
                    $"at most {request.Stop.MaxNewTokens} tokens");
            }
        }
        IReadOnlyList<int> finished = request.FinishedSequences;
        bool valid = finished.All(index => index >= 0 && index < request.SequenceCount) && finished.Distinct().Count() == finished.Count;
        if (!valid || finished.Count == request.SequenceCount)
            throw Invalid("invalid_value", "finished_sequences", "They must be different sequences of the request, and not all of them.");
    }

    /// <summary>Every id is one of the vocabulary's.</summary>
    public static void CheckTokens(IReadOnlyList<int> tokens, string field, ModelDescription model)
    {
        foreach (int token in tokens)
        {
            if (token < 0 || token >= model.VocabularySize)
                throw Invalid("invalid_token_id", field, $"{token} is not a token id: the vocabulary has ids 0 to {model.VocabularySize - 1}.");
        }
    }

    /// <summary>A value is in its range.</summary>
    public static void CheckRange(bool holds, string field, object? value, string range)
    {
        if (!holds)
            throw Invalid("out_of_range", field, FormattableString.Invariant($"{field} is {value}, but must be {range}."));
    }

    private static InvalidRequestException Invalid(string code, string field, string message) => new(code, field, message);
}
