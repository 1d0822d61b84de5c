using LlamaHost.Engine.Requests;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generate.Parameters;

namespace LlamaHost.Server.Generate.Rules;

/// <summary>Beam search, after Hugging Face's rules.</summary>
internal static class BeamRule
{
    /// <summary>The beam search that the request means, or <see langword="null"/> if it means none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="warnings">Gets what the client should know about parameters without effect.</param>
    /// <exception cref="ApiException">Values that contradict each other.</exception>
    public static BeamSettings? Resolve(GenerateRequest request, ICollection<string> warnings)
    {
        if (request.NumBeams == 1)
        {
            IReadOnlyList<string> idle = GenerateParameters.Given(request, ParameterEffect.BeamSearch);
            if (idle.Count > 0)
                warnings.Add($"{string.Join(", ", idle)} had no effect, because there is no beam search: num_beams is 1.");
            return null;
        }
        if (request.NumReturnSequences > request.NumBeams)
        {
            throw Conflict(
                "num_return_sequences",
                $"num_return_sequences is {request.NumReturnSequences}, but num_beams is {request.NumBeams}: a beam search has as "
                + "many results as beams.");
        }
        if (request.Sampling.GuidanceScale != 1)
            throw Conflict(
                "guidance_scale",
                "guidance_scale can't be used with num_beams: the sequence that follows the negative prompt can't follow several beams.");
        if (request.Mirostat != 0)
            throw Conflict("mirostat", "mirostat can't be used with num_beams: it learns from the tokens of one sequence, and beams change places.");
        if (request.PromptLookupNumTokens is not null)
            throw Conflict(
                "prompt_lookup_num_tokens",
                "prompt_lookup_num_tokens can't be used with num_beams: only greedy search and sampling know candidates from the prompt.");
        return new BeamSettings { Count = request.NumBeams, EarlyStopping = request.EarlyStopping, LengthPenalty = request.LengthPenalty };
    }

    private static ApiException Conflict(string field, string detail) => ApiException.BadRequest(ErrorCodes.ConflictingFields, field, detail);
}
