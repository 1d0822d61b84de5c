using LlamaHost.Engine.Requests;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.Generate;

/// <summary>Which strategy a request means, after Hugging Face's rules and defaults.</summary>
internal static class SamplingRule
{
    /// <summary>The settings in effect.</summary>
    /// <param name="request">The request.</param>
    /// <param name="warnings">Gets what the client should know about parameters without effect.</param>
    /// <exception cref="ApiException">Values that contradict each other.</exception>
    public static SamplingSettings Resolve(GenerateRequest request, ICollection<string> warnings)
    {
        bool samples = DoesSample(request);
        var settings = new SamplingSettings { DoSample = samples, RepetitionPenalty = request.RepetitionPenalty ?? 1 };
        if (samples)
        {
            return settings with
            {
                Temperature = request.Temperature ?? settings.Temperature,
                TopK = request.TopK ?? settings.TopK,
                TopP = request.TopP ?? settings.TopP,
                MinP = request.MinP ?? settings.MinP,
            };
        }
        string[] idle = [.. request.SamplingParameters.Where(name => name != "temperature" || request.Temperature is not 0)];
        if (idle.Length > 0)
        {
            string reason = request.DoSample is false ? "do_sample is false" : "temperature is 0";
            warnings.Add($"{string.Join(", ", idle)} had no effect, because {reason}: the most likely token was always taken.");
        }
        return settings;
    }

    private static bool DoesSample(GenerateRequest request)
    {
        if (request.DoSample is true && request.Temperature is 0)
        {
            throw ApiException.BadRequest(
                ErrorCodes.ConflictingFields, "temperature", "temperature must be above 0 when do_sample is true; leave do_sample out for greedy search.");
        }
        bool several = request.NumReturnSequences > 1;
        bool samples = request.DoSample ?? (request.Temperature is not 0 && (several || request.SamplingParameters.Count > 0));
        if (!samples && several)
        {
            string cause = request.DoSample is false ? "do_sample false" : "temperature 0";
            throw ApiException.BadRequest(
                ErrorCodes.ConflictingFields, "num_return_sequences",
                $"num_return_sequences is {request.NumReturnSequences}, but greedy search ({cause}) has one result only: all of them would be the same.");
        }
        return samples;
    }
}
