using LlamaHost.Engine.Requests;
using LlamaHost.Grammars;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generations;
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
        SamplingFields sampling = request.Sampling;
        string? grammar = SamplingRule.CheckAlone(sampling, prompts: 1, ("n", sampling.N), maxSequences);
        if (request is { MaxCompletionTokens: { } newer, Sampling.MaxTokens: { } older } && newer != older)
            throw Conflict("max_tokens", $"max_tokens is {older}, but max_completion_tokens, which means the same, is {newer}.");
        if (request is { TopLogprobs: not null, Logprobs: false })
            throw Conflict("top_logprobs", "top_logprobs is allowed only when logprobs is true.");
        CheckTools(request);
        if (request.ResponseFormat.Rule is { } rule)
        {
            if (sampling.Constraints is [var constraint, ..])
                throw Conflict(constraint.Field, $"{constraint.Field} can't be used with response_format: the text can be held to one of them.");
            EnforceableGrammar.Create(ResponseFormat.Field, () =>
            {
                var builder = new GrammarBuilder();
                return builder.Build(rule(builder));
            });
        }
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
        SamplingFields sampling = request.Sampling;
        SamplingRule.CheckTokens(sampling, model);
        int maxNewTokens = ContextRule.MaxNewTokens(
            prompt.Tokens.Count, request.MaxCompletionTokens ?? sampling.MaxTokens, usual: null, model, "messages");
        IReadOnlyList<CallableTool> tools = request.CallableTools;
        bool isRequired = request.ToolChoice.Use == ToolUse.Required;
        bool mayTalk = request.ResponseFormat.Rule is not null && !isRequired;
        bool isStrict = !isRequired && !mayTalk && grammar is null && tools.Any(tool => tool.Definition.IsStrict == true);
        // What a grammar lets through besides a text has to be a call that is understood.
        var form = new AnswerForm(
            prompt, tools.ToDictionary(tool => tool.Definition.Name, tool => tool.Definition, StringComparer.Ordinal),
            IsEnforced: isRequired || mayTalk || isStrict, request.ParallelToolCalls) { AllowsText = !isRequired };
        if (isRequired || mayTalk)
        {
            grammar = AnswerGrammar.Create(
                form, model, tools, mayTalk ? request.ResponseFormat.Rule : null, isRequired ? "tools" : ResponseFormat.Field);
        }
        else if (isStrict)
        {
            grammar = AnswerGrammar.CreateStrict(form, model, tools, "tools");
        }
        GenerationRequest generation = SamplingRule.ToRequest(
            $"{id}/0", sampling, prompt.Tokens, maxNewTokens, SamplingRule.SeedOf(sampling), grammar, model);
        int[] ends = [.. model.EosTokenIds.Union(model.ControlTokens.Where(token => token.EndsTurn).Select(token => token.Id))];
        generation = generation with
        {
            // One alternative at least: it has the text of a chosen token that is only part of a character.
            LogProbs = request.Logprobs ? Math.Max(1, request.TopLogprobs ?? 0) : null,
            SkipSpecialTokens = sampling.SkipSpecialTokens && !form.NeedsControlTokens,
            Stop = sampling.IgnoreEos ? generation.Stop : generation.Stop with { EosTokenIds = ends },
        };
        return new ChatPlan(id, request, form, model, entry.Id, OpenAiIds.Fingerprint(entry, model), generation);
    }

    private static void CheckTools(ChatRequest request)
    {
        if (request.ToolChoice.Use != ToolUse.Required)
            return;
        if (request.Tools.Count == 0)
            throw Conflict("tool_choice", "tool_choice asks for a call, but there are no tools.");
        if (request.ToolChoice.Name is { } name && request.Tools.All(tool => tool.Name != name))
            throw Conflict("tool_choice", $"tool_choice asks for a call of {name}, but there is no such tool.");
        if (request.Sampling.Constraints is [var constraint, ..])
            throw Conflict(constraint.Field, $"{constraint.Field} can't be used with a tool_choice that asks for a call.");
    }

    private static ApiException Conflict(string field, string detail) => ApiException.BadRequest(ErrorCodes.ConflictingFields, field, detail);
}
