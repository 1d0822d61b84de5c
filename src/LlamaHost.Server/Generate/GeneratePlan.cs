using System.Security.Cryptography;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.Generate;

/// <summary>What a request comes to for a loaded model: one engine request per prompt, and what the answer says about them.</summary>
/// <param name="Id">The answer's id.</param>
/// <param name="Request">The request.</param>
/// <param name="Prompts">One engine request per prompt, in order.</param>
/// <param name="Settings">The settings in effect.</param>
/// <param name="Warnings">What the client should know.</param>
internal sealed record GeneratePlan(
    string Id, GenerateRequest Request, IReadOnlyList<GenerationRequest> Prompts, GenerateSettings Settings, IReadOnlyList<string> Warnings)
{
    // Every JSON reader keeps integers up to here exactly, so that a seed survives the way to the client and back.
    private const ulong LargestExactInteger = (1UL << 53) - 1;

    /// <summary>Checks everything that can be checked before a model is looked at.</summary>
    /// <exception cref="ApiException">Values that contradict each other, or more sequences than allowed.</exception>
    public static void CheckAlone(GenerateRequest request, int maxSequences)
    {
        long sequences = (long)request.Prompts.Count * request.NumReturnSequences;
        if (sequences > maxSequences)
        {
            throw ApiException.BadRequest(
                ErrorCodes.TooManySequences, request.NumReturnSequences > 1 ? "num_return_sequences" : "prompt",
                $"{request.Prompts.Count} prompts times {request.NumReturnSequences} are {sequences} sequences; one request may have {maxSequences}.");
        }
        SamplingRule.Resolve(request, []);
    }

    /// <summary>Maps a request to engine requests.</summary>
    /// <param name="id">The answer's id.</param>
    /// <param name="request">The request, checked alone.</param>
    /// <param name="promptTokens">Token ids of each prompt.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="ApiException">The request does not fit the model.</exception>
    public static GeneratePlan Create(string id, GenerateRequest request, IReadOnlyList<IReadOnlyList<int>> promptTokens, ModelDescription model)
    {
        CheckTokens(request, promptTokens, model);
        List<string> warnings = [];
        SamplingSettings sampling = SamplingRule.Resolve(request, warnings);
        int[] maxNewTokens = [.. promptTokens.Select((tokens, index) => LengthRule.MaxNewTokens(request, Place(request, index), tokens.Count, model.ContextLength))];
        warnings.AddRange(LengthRule.Warnings(request, maxNewTokens.Min()));
        // One seed for all prompts: a prompt's result is the same alone and in any company.
        ulong seed = request.Seed ?? (BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) & LargestExactInteger);
        GenerationRequest[] prompts =
        [
            .. promptTokens.Select((tokens, index) => new GenerationRequest
            {
                Id = $"{id}/{index}",
                PromptTokens = tokens,
                SequenceCount = request.NumReturnSequences,
                Seed = seed,
                Sampling = sampling,
                Stop = new StopSettings
                {
                    MaxNewTokens = maxNewTokens[index],
                    MinNewTokens = Math.Min(request.MinNewTokens ?? 0, maxNewTokens[index]),
                    StopTokenIds = request.StopTokenIds,
                    StopTexts = request.Stop,
                },
                SkipSpecialTokens = request.SkipSpecialTokens,
                LogProbs = request.EffectiveLogprobs,
            }),
        ];
        return new GeneratePlan(id, request, prompts, GenerateSettings.Of(request, sampling, seed, maxNewTokens.Max()), warnings);
    }

    private static void CheckTokens(GenerateRequest request, IReadOnlyList<IReadOnlyList<int>> promptTokens, ModelDescription model)
    {
        for (int i = 0; i < promptTokens.Count; i++)
        {
            if (promptTokens[i].Count == 0)
            {
                throw ApiException.BadRequest(
                    ErrorCodes.EmptyPrompt, "prompt", $"{Place(request, i)} has no tokens, and this model has no begin token to start from.");
            }
        }
        foreach (int id in request.StopTokenIds)
        {
            if (id >= model.VocabularySize)
            {
                throw ApiException.BadRequest(
                    ErrorCodes.OutOfRange, "stop_token_ids", $"stop_token_ids holds {id}; the model's token ids are 0 to {model.VocabularySize - 1}.");
            }
        }
    }

    private static string Place(GenerateRequest request, int index) => request.Prompts.Count == 1 ? "prompt" : $"prompt[{index}]";
}
