using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.OpenAi.Responses.Items;

namespace LlamaHost.Server.OpenAi.Responses;

/// <summary>What a request for a response comes to for a loaded model.</summary>
/// <param name="Id">The response's id.</param>
/// <param name="Request">The request.</param>
/// <param name="Input">What it adds to the conversation: items that have ids, and no references.</param>
/// <param name="Form">What the answer may consist of.</param>
/// <param name="Model">The model as it is loaded.</param>
/// <param name="ModelId">Its id.</param>
/// <param name="Generation">The engine's request.</param>
internal sealed record ResponsePlan(
    string Id, ResponseRequest Request, IReadOnlyList<ResponseItem> Input, AnswerForm Form, ModelDescription Model, string ModelId,
    GenerationRequest Generation)
{
    /// <summary>Checks everything that can be checked before a model is looked at.</summary>
    /// <returns>The grammar in GBNF that the request gives as such, or <see langword="null"/>.</returns>
    /// <exception cref="ApiException">Values that contradict each other, or that can't be met.</exception>
    public static string? CheckAlone(ResponseRequest request, int maxSequences)
    {
        if (request.Background)
        {
            throw ApiException.BadRequest(
                ErrorCodes.UnsupportedParameter, "background", "background must be false: this server does not answer in the background yet.");
        }
        if (request is { Input: null or { Count: 0 }, PreviousResponseId: null })
        {
            throw ApiException.BadRequest(
                ErrorCodes.MissingField, "input", "input is missing: without previous_response_id there is nothing to answer.");
        }
        return AnswerRule.CheckAlone(request.ToTerms(), maxSequences);
    }

    /// <summary>Maps a request to the engine's.</summary>
    /// <param name="id">The response's id.</param>
    /// <param name="request">The request, checked alone.</param>
    /// <param name="input">What it adds to the conversation.</param>
    /// <param name="grammar">The grammar that it gives as such.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="entry">The model.</param>
    /// <param name="model">The model as it is loaded.</param>
    /// <exception cref="ApiException">The request does not fit the model.</exception>
    public static ResponsePlan Create(
        string id, ResponseRequest request, IReadOnlyList<ResponseItem> input, string? grammar, ConversationPrompt prompt, ModelEntry entry,
        ModelDescription model)
    {
        (AnswerForm form, GenerationRequest generation) = AnswerRule.ToGeneration($"{id}/0", request.ToTerms(), grammar, prompt, model);
        return new ResponsePlan(id, request, input, form, model, entry.Id, generation);
    }

    /// <summary>Whether a token ends the answer, rather than being a part of it.</summary>
    public bool IsEnd(TokenEvent token) => token.IsSpecial && Generation.Stop.EosTokenIds?.Contains(token.Id) == true;

    /// <summary>The response before anything is generated.</summary>
    /// <param name="created">When the request was admitted.</param>
    public ResponseObject ToResponse(DateTimeOffset created) => new()
    {
        Id = Id,
        CreatedAt = created.ToUnixTimeSeconds(),
        Status = ResponseStatus.InProgress,
        Instructions = Request.Instructions,
        MaxOutputTokens = Request.MaxOutputTokens,
        MaxToolCalls = Request.MaxToolCalls,
        Model = ModelId,
        ParallelToolCalls = Request.ParallelToolCalls,
        PreviousResponseId = Request.PreviousResponseId,
        PromptCacheKey = Request.PromptCacheKey,
        Reasoning = Request.Reasoning,
        SafetyIdentifier = Request.SafetyIdentifier,
        Store = Request.Store,
        Temperature = Request.Sampling.Temperature,
        Text = new ResponseText(Request.Text.FormatJson, Request.Text.Verbosity),
        ToolChoice = Request.ToolChoice.Json,
        Tools =
        [
            .. Request.Tools.Select(tool => new ResponseTool(
                "function", tool.Name, tool.Description, tool.Parameters.ValueKind == System.Text.Json.JsonValueKind.Object ? tool.Parameters : null,
                tool.IsStrict)),
        ],
        TopLogprobs = Request.TopLogprobs,
        TopP = Request.Sampling.TopP,
        Truncation = Request.Truncates ? "auto" : "disabled",
        User = Request.User,
        Metadata = Request.Metadata,
    };
}
