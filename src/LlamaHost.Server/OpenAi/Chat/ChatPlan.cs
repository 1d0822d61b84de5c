using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenAi.Common;

namespace LlamaHost.Server.OpenAi.Chat;

/// <summary>What a chat request comes to for a loaded model.</summary>
/// <param name="Id">The answer's id.</param>
/// <param name="Request">The request.</param>
/// <param name="Form">What the answers may consist of.</param>
/// <param name="Model">The model as it is loaded.</param>
/// <param name="ModelId">Its id.</param>
/// <param name="Fingerprint">What the answer depends on besides the request.</param>
/// <param name="Generation">The engine's request.</param>
internal sealed record ChatPlan(
    string Id, ChatRequest Request, AnswerForm Form, ModelDescription Model, string ModelId, string Fingerprint, GenerationRequest Generation)
{
    /// <summary>Checks everything that can be checked before a model is looked at.</summary>
    /// <returns>The grammar in GBNF that the request gives as such, or <see langword="null"/>.</returns>
    /// <exception cref="ApiException">Values that contradict each other, or that can't be met.</exception>
    public static string? CheckAlone(ChatRequest request, int maxSequences)
    {
        string? grammar = AnswerRule.CheckAlone(request.ToTerms(), maxSequences);
        if (request is { MaxCompletionTokens: { } newer, Sampling.MaxTokens: { } older } && newer != older)
            throw Conflict("max_tokens", $"max_tokens is {older}, but max_completion_tokens, which means the same, is {newer}.");
        if (request is { TopLogprobs: not null, Logprobs: false })
            throw Conflict("top_logprobs", "top_logprobs is allowed only when logprobs is true.");
        return grammar;
    }

    /// <summary>Maps a request to the engine's.</summary>
    /// <param name="id">The answer's id.</param>
    /// <param name="request">The request, checked alone.</param>
    /// <param name="grammar">The grammar that it gives as such.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="entry">The model.</param>
    /// <param name="model">The model as it is loaded.</param>
    /// <exception cref="ApiException">The request does not fit the model.</exception>
    public static ChatPlan Create(
        string id, ChatRequest request, string? grammar, ConversationPrompt prompt, ModelEntry entry, ModelDescription model)
    {
        (AnswerForm form, GenerationRequest generation) = AnswerRule.ToGeneration($"{id}/0", request.ToTerms(), grammar, prompt, model);
        return new ChatPlan(id, request, form, model, entry.Id, OpenAiIds.Fingerprint(entry, model), generation);
    }

    private static ApiException Conflict(string field, string detail) => ApiException.BadRequest(ErrorCodes.ConflictingFields, field, detail);
}
