using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Generation;

/// <summary>What a request must fulfil whose continuations are given.</summary>
internal static class ScoringRules
{
    /// <exception cref="InvalidRequestException">The first rule that does not hold.</exception>
    public static void Check(GenerationRequest request, IReadOnlyList<IReadOnlyList<int>> continuations, ModelDescription model)
    {
        if (request.Beams is not null)
            throw Invalid("conflicting_fields", "There is nothing to search for among given continuations.");
        if (request.Sampling.GuidanceScale != 1)
            throw Invalid("conflicting_fields", "Guidance does not apply to given continuations.");
        if (continuations.Count != request.SequenceCount)
            throw Invalid("invalid_value", $"There are {continuations.Count} continuations for {request.SequenceCount} sequences.");
        foreach (IReadOnlyList<int> continuation in continuations)
        {
            // With nothing given there may still be something to learn: what comes next.
            if (continuation.Count == 0 && request.LogProbs is not > 0)
                throw Invalid("empty_continuation", "A continuation has no tokens.");
            RequestRules.CheckTokens(continuation, "continuations", model);
            int total = request.PromptTokens.Count + continuation.Count;
            if (total > model.ContextLength)
                throw Invalid(
                    "context_length_exceeded", $"Prompt and continuation have {total} tokens, but the context holds {model.ContextLength}.");
        }
        for (int i = 0; request.Resume is not null && i < Math.Min(request.Resume.Count, continuations.Count); i++)
        {
            if (!request.Resume[i].SequenceEqual(continuations[i].Take(request.Resume[i].Count)))
                throw Invalid("invalid_value", $"The token log of sequence {i} is not the beginning of its continuation.");
        }
    }

    private static InvalidRequestException Invalid(string code, string message) => new(code, "continuations", message);
}
