using LlamaHost.Engine.Requests;
using LlamaHost.Grammars;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generations;

namespace LlamaHost.Server.OpenAi.Common;

/// <summary>What an answer's terms come to for the engine.</summary>
internal static class AnswerRule
{
    /// <summary>Checks everything that can be checked before a model is looked at.</summary>
    /// <returns>The grammar in GBNF that the request gives as such, or <see langword="null"/>.</returns>
    /// <exception cref="ApiException">Values that contradict each other, or that can't be met.</exception>
    public static string? CheckAlone(AnswerTerms terms, int maxSequences)
    {
        SamplingFields sampling = terms.Sampling;
        string? grammar = SamplingRule.CheckAlone(sampling, prompts: 1, ("n", sampling.N), maxSequences);
        CheckTools(terms);
        if (terms.Format.Rule is { } rule)
        {
            if (sampling.Constraints is [var constraint, ..])
            {
                throw Conflict(
                    constraint.Field, $"{constraint.Field} can't be used with {terms.FormatField}: the text can be held to one of them.");
            }
            EnforceableGrammar.Create(terms.FormatField, () =>
            {
                var builder = new GrammarBuilder();
                return builder.Build(rule(builder));
            });
        }
        return grammar;
    }

    /// <summary>The form of the answer, and the engine's request for it.</summary>
    /// <param name="id">The request's id.</param>
    /// <param name="terms">The terms, checked alone.</param>
    /// <param name="grammar">The grammar that the client gave as such.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="model">The model as it is loaded.</param>
    /// <exception cref="ApiException">The request does not fit the model.</exception>
    public static (AnswerForm Form, GenerationRequest Generation) ToGeneration(
        string id, AnswerTerms terms, string? grammar, ConversationPrompt prompt, ModelDescription model)
    {
        SamplingFields sampling = terms.Sampling;
        SamplingRule.CheckTokens(sampling, model);
        int maxNewTokens = ContextRule.MaxNewTokens(prompt.Tokens.Count, terms.MaxNewTokens, usual: null, model, terms.ConversationField);
        IReadOnlyList<CallableTool> tools = terms.CallableTools;
        bool isRequired = terms.ToolChoice.Use == ToolUse.Required;
        bool mayTalk = terms.Format.Rule is not null && !isRequired;
        bool isStrict = !isRequired && !mayTalk && grammar is null && tools.Any(tool => tool.Definition.IsStrict == true);
        // What a grammar lets through besides a text has to be a call that is understood.
        var form = new AnswerForm(
            prompt, tools.ToDictionary(tool => tool.Definition.Name, tool => tool.Definition, StringComparer.Ordinal),
            IsEnforced: isRequired || mayTalk || isStrict, terms.AllowsSeveralCalls) { AllowsText = !isRequired };
        if (isRequired || mayTalk)
        {
            grammar = AnswerGrammar.Create(
                form, model, tools, mayTalk ? terms.Format.Rule : null, isRequired ? "tools" : terms.FormatField);
        }
        else if (isStrict)
        {
            grammar = AnswerGrammar.CreateStrict(form, model, tools, "tools");
        }
        GenerationRequest generation = SamplingRule.ToRequest(
            id, sampling, prompt.Tokens, maxNewTokens, SamplingRule.SeedOf(sampling), grammar, model);
        int[] ends = [.. model.EosTokenIds.Union(model.ControlTokens.Where(token => token.EndsTurn).Select(token => token.Id))];
        return (form, generation with
        {
            // One alternative at least: it has the text of a chosen token that is only part of a character.
            LogProbs = terms.LogProbs is { } most ? Math.Max(1, most) : null,
            SkipSpecialTokens = sampling.SkipSpecialTokens && !form.NeedsControlTokens,
            Stop = sampling.IgnoreEos ? generation.Stop : generation.Stop with { EosTokenIds = ends },
        });
    }

    private static void CheckTools(AnswerTerms terms)
    {
        ToolChoice choice = terms.ToolChoice;
        string? missing = choice.Names?.FirstOrDefault(name => terms.Tools.All(tool => tool.Definition.Name != name));
        if (choice.Use == ToolUse.Required && terms.Tools.Count == 0)
            throw Conflict("tool_choice", "tool_choice asks for a call, but there are no tools.");
        if (missing is not null)
            throw Conflict("tool_choice", $"tool_choice names {missing}, but there is no such tool.");
        if (choice.Use == ToolUse.Required && terms.Sampling.Constraints is [var constraint, ..])
            throw Conflict(constraint.Field, $"{constraint.Field} can't be used with a tool_choice that asks for a call.");
    }

    private static ApiException Conflict(string field, string detail) => ApiException.BadRequest(ErrorCodes.ConflictingFields, field, detail);
}
