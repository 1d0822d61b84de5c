using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenAi.Common;

namespace LlamaHost.Server.OpenAi.Completions;

/// <summary>What a request comes to for a loaded model.</summary>
/// <param name="Id">The answer's id.</param>
/// <param name="Model">The model.</param>
/// <param name="Fingerprint">The answer's <c>system_fingerprint</c>.</param>
/// <param name="Request">The request.</param>
/// <param name="Prompts">The prompts, in order.</param>
/// <param name="Generations">One engine request per prompt, in order; empty if there is nothing to generate.</param>
internal sealed record CompletionPlan(
    string Id, ModelEntry Model, string Fingerprint, CompletionRequest Request, IReadOnlyList<CompletionPrompt> Prompts,
        IReadOnlyList<GenerationRequest> Generations)
{
    /// <summary>Whether the prompts' own tokens have to be scored.</summary>
    public bool ScoresPrompts => Request is { Echo: true, Logprobs: not null };

    /// <summary>Likely tokens at each place.</summary>
    public int Top => Request.Logprobs ?? 0;

    /// <summary>Maps a request to engine requests.</summary>
    /// <param name="id">The answer's id.</param>
    /// <param name="request">The request, checked alone.</param>
    /// <param name="grammar">GBNF, or <see langword="null"/>.</param>
    /// <param name="prompts">Its prompts.</param>
    /// <param name="entry">The model.</param>
    /// <param name="model">What it can do.</param>
    /// <exception cref="ApiException">The request does not fit the model.</exception>
    public static CompletionPlan Create(
        string id, CompletionRequest request, string? grammar, IReadOnlyList<CompletionPrompt> prompts, ModelEntry entry, ModelDescription model)
    {
        SamplingFields fields = request.Sampling;
        if (request is { Echo: true, Logprobs: not null } && model.EncoderLength > 0)
        {
            throw ApiException.BadRequest(
                ErrorCodes.UnsupportedByModel, "logprobs", "logprobs can't be used with echo for this model: its encoder reads the prompt at once.");
        }
        int[] lengths =
        [
            .. prompts.Select(prompt => ContextRule.MaxNewTokens(
                prompt.Tokens.Count, fields.MaxTokens, CompletionParameters.UsualMaxTokens, model, "prompt")),
        ];
        // One seed for all prompts: a prompt's result is the same alone and in any company.
        ulong seed = SamplingRule.SeedOf(fields);
        // The best are found by log-probability.
        int? logprobs = request.SequencesEach > fields.N ? request.Logprobs ?? 0 : request.Logprobs;
        GenerationRequest[] generations = fields.MaxTokens == 0
            ? []
            :
            [
                .. prompts.Select((prompt, index) =>
                    SamplingRule.ToRequest($"{id}/{index}", fields, prompt.Tokens, lengths[index], seed, grammar, model) with
                        { SequenceCount = request.SequencesEach, LogProbs = logprobs }),
            ];
        return new CompletionPlan(id, entry, OpenAiIds.Fingerprint(entry, model), request, prompts, generations);
    }

    /// <summary>Index of a choice.</summary>
    public int IndexOf(int promptIndex, int choice) => (promptIndex * Request.Sampling.N) + choice;

    /// <summary>An answer, or a chunk of one.</summary>
    public CompletionResponse Answer(DateTimeOffset created, IReadOnlyList<CompletionChoice> choices, OpenAiUsage? usage) => new()
    {
        Id = Id,
        Created = created.ToUnixTimeSeconds(),
        Model = Model.Id,
        SystemFingerprint = Fingerprint,
        Choices = choices,
        Usage = usage,
    };
}
