using System.Text.Json.Nodes;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generate.Choices;
using LlamaHost.Server.Generate.Parameters;
using LlamaHost.Server.Generate.Prompts;
using LlamaHost.Server.Generate.Rules;

namespace LlamaHost.Server.Generate;

/// <summary>What a request comes to for a loaded model: one engine request per prompt, and what the answer says about them.</summary>
/// <param name="Id">The answer's id.</param>
/// <param name="Request">The request.</param>
/// <param name="Texts">Text of each prompt, in order.</param>
/// <param name="Prompts">One engine request per prompt, in order.</param>
/// <param name="Settings">The settings in effect.</param>
/// <param name="Warnings">What the client should know.</param>
internal sealed record GeneratePlan(
    string Id, GenerateRequest Request, IReadOnlyList<string> Texts, IReadOnlyList<GenerationRequest> Prompts, JsonObject Settings,
        IReadOnlyList<string> Warnings)
{
    // Every JSON reader keeps integers up to here exactly, so that a seed survives the way to the client and back.
    private const ulong LargestExactInteger = (1UL << 53) - 1;

    /// <summary>Checks everything that can be checked before a model is looked at.</summary>
    /// <exception cref="ApiException">Values that contradict each other, or more sequences than allowed.</exception>
    public static void CheckAlone(GenerateRequest request, int maxSequences)
    {
        PromptRule.Check(request);
        ChoiceRule.Check(request);
        (string field, int each) = new[]
        {
            ("num_return_sequences", request.NumReturnSequences), ("num_beams", request.NumBeams), ("choices", request.Choices?.Count ?? 0),
        }.MaxBy(one => one.Item2);
        long sequences = (long)request.PromptCount * each;
        if (sequences > maxSequences)
        {
            throw ApiException.BadRequest(
                ErrorCodes.TooManySequences, each > 1 ? field : request.PromptField,
                $"{request.PromptCount} prompts times {each} are {sequences} sequences; one request may have {maxSequences}.");
        }
        SamplingRule.Resolve(request, tokens: null, warnings: []);
        BeamRule.Resolve(request, warnings: []);
        request.ResolvedGrammar = GrammarRule.Resolve(request);
    }

    /// <summary>Maps a request to engine requests.</summary>
    /// <param name="id">The answer's id.</param>
    /// <param name="request">The request, checked alone.</param>
    /// <param name="tokens">What of it was tokenised.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="ApiException">The request does not fit the model.</exception>
    public static GeneratePlan Create(string id, GenerateRequest request, TokenizedRequest tokens, ModelDescription model)
    {
        PromptRule.CheckTokens(request, tokens, model);
        // An encoder reads the prompt; what is continued then is the decoder's start.
        IReadOnlyList<int>? decoderStart = model.EncoderLength > 0 ? [model.DecoderStartTokenId ?? 0] : null;
        List<string> warnings = [];
        SamplingSettings sampling = SamplingRule.Resolve(request, tokens, warnings);
        BeamSettings? beams = BeamRule.Resolve(request, warnings);
        (int PromptTokens, int MaxNewTokens)[] lengths =
        [
            .. tokens.Prompts.Select(prompt => (decoderStart ?? prompt.Tokens).Count).Select((count, index) =>
                (count, LengthRule.MaxNewTokens(request, index, count, model.ContextLength))),
        ];
        LengthRule.CheckNegativePrompt(sampling.NegativePromptTokens.Count, lengths.Max(one => one.MaxNewTokens), model.ContextLength);
        warnings.AddRange(LengthRule.Warnings(request, lengths));
        // One seed for all prompts: a prompt's result is the same alone and in any company.
        ulong seed = request.Seed ?? ((ulong)Random.Shared.NextInt64() & LargestExactInteger);
        PromptLookupSettings? lookup = LookupRule.Resolve(request, warnings);
        GenerationRequest[] prompts =
        [
            .. tokens.Prompts.Select((prompt, index) => new GenerationRequest
            {
                Id = $"{id}/{index}",
                PromptTokens = decoderStart ?? prompt.Tokens,
                EncoderTokens = decoderStart is null ? [] : prompt.Tokens,
                SequenceCount = request.NumReturnSequences,
                Seed = seed,
                Sampling = sampling,
                Beams = beams,
                PromptLookup = lookup,
                Grammar = request.ResolvedGrammar,
                Stop = Stops(request, lengths[index]),
                SkipSpecialTokens = request.SkipSpecialTokens,
                CacheSalt = request.CacheSalt,
                Priority = request.Priority,
                LogProbs = request.EffectiveLogprobs,
            }),
        ];
        JsonObject settings = GenerateParameters.Settings(new EffectiveRequest(request, prompts.MaxBy(prompt => prompt.Stop.MaxNewTokens)!));
        return new GeneratePlan(id, request, [.. tokens.Prompts.Select(prompt => prompt.Text)], prompts, settings, warnings);
    }

    /// <summary>Sequences of all prompts.</summary>
    public int SequenceCount => Prompts.Sum(prompt => prompt.SequenceCount);

    /// <summary>What a sequence's full text begins with. What an encoder read is no part of it.</summary>
    public string FullTextStart(int promptIndex) => Request.ReturnFullText && Prompts[promptIndex].EncoderTokens.Count == 0 ? Texts[promptIndex] : "";

    private static StopSettings Stops(GenerateRequest request, (int PromptTokens, int MaxNewTokens) length) => new()
    {
        MaxNewTokens = length.MaxNewTokens,
        MinNewTokens = LengthRule.MinNewTokens(request, length.PromptTokens, length.MaxNewTokens),
        EosTokenIds = request.EosTokenIds,
        StopTokenIds = request.StopTokenIds,
        StopTexts = request.Stop,
        KeptStopTexts = request.StopStrings,
        MaxTime = request.MaxTime,
    };
}
