using LlamaHost.Engine.Requests;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generate.Parameters;
using LlamaHost.Server.Generate.Prompts;

namespace LlamaHost.Server.Generate.Rules;

/// <summary>Whether a request samples, and with which settings, after Hugging Face's rules and defaults.</summary>
internal static class SamplingRule
{
    /// <summary>The settings in effect.</summary>
    /// <param name="request">The request.</param>
    /// <param name="tokens">What of it was tokenised; <see langword="null"/> for a check without a model.</param>
    /// <param name="warnings">Gets what the client should know about parameters without effect.</param>
    /// <exception cref="ApiException">Values that contradict each other.</exception>
    public static SamplingSettings Resolve(GenerateRequest request, TokenizedRequest? tokens, ICollection<string> warnings)
    {
        bool samples = DoesSample(request);
        SamplingSettings settings = request.Sampling with
        {
            DoSample = samples,
            Temperature = samples ? request.Temperature ?? 1 : 1,
            BadWords = [.. request.Sampling.BadWords, .. tokens?.BadWords ?? []],
            NegativePromptTokens = request.Sampling.GuidanceScale == 1 ? [] : tokens?.NegativePrompt ?? [],
        };
        settings = LlamaCppRule.Apply(settings, request, tokens);
        if (!samples)
            WarnOfIdle(request, warnings);
        foreach (string warning in LlamaCppRule.Warnings(request, settings))
            warnings.Add(warning);
        return settings;
    }

    private static void WarnOfIdle(GenerateRequest request, ICollection<string> warnings)
    {
        string[] idle = [.. GenerateParameters.Given(request, ParameterEffect.Sampling)
            .Where(name => name != "temperature" || request.Temperature is not 0)];
        if (idle.Length == 0)
            return;
        string reason = request.DoSample is false ? "do_sample is false" : "temperature is 0";
        string taken = request.NumBeams > 1 ? "the best beams were" : "the most likely token was";
        warnings.Add($"{string.Join(", ", idle)} had no effect, because {reason}: {taken} always taken.");
    }

    private static bool DoesSample(GenerateRequest request)
    {
        if (request.DoSample is true && request.Temperature is 0)
        {
            throw ApiException.BadRequest(
                ErrorCodes.ConflictingFields, "temperature",
                "temperature must be above 0 when do_sample is true; leave do_sample out for greedy search.");
        }
        // The best of several beams are several results without any chance.
        bool several = request.NumReturnSequences > 1 && request.NumBeams == 1;
        bool samples = request.DoSample
            ?? (request.Temperature is not 0 && (several || GenerateParameters.Given(request, ParameterEffect.Sampling).Count > 0));
        if (!samples && several)
        {
            string cause = request.DoSample is false ? "do_sample false" : "temperature 0";
            throw ApiException.BadRequest(
                ErrorCodes.ConflictingFields, "num_return_sequences",
                $"num_return_sequences is {request.NumReturnSequences}, but greedy search ({cause}) has one result only: all of them "
                + "would be the same. "
                + "num_beams gives several without chance.");
        }
        return samples;
    }
}
