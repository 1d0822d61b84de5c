using System.Text.Json;
using LlamaHost.Chat;
using LlamaHost.Engine.Requests;
using LlamaHost.Grammars;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generations;

namespace LlamaHost.Server.Conversations;

/// <summary>A tool, and the request's field that its schema came in.</summary>
internal sealed record CallableTool(ToolDefinition Definition, string Field);

/// <summary>Grammars of answers: what the model may think, and then must say or call.</summary>
internal static class AnswerGrammar
{
    // Far more than any conversation needs; it keeps a model that likes repetitions from calling until the context is full.
    private const int MostCalls = 32;

    private const int MostWhiteSpace = 4;

    /// <summary>The grammar in GBNF.</summary>
    /// <param name="form">What the answer may consist of.</param>
    /// <param name="model">The model.</param>
    /// <param name="tools">Tools of which one must be called, unless there is something else to say; empty: none.</param>
    /// <param name="text">What may be said; <see langword="null"/>: nothing, there must be a call.</param>
    /// <param name="field">The field that asks for the grammar, for errors.</param>
    /// <exception cref="ApiException"><c>invalid_grammar</c>: a schema can't be enforced; the field and the message say which, and where.</exception>
    public static string Create(
        AnswerForm form, ModelDescription model, IReadOnlyList<CallableTool> tools, Func<GrammarBuilder, GrammarNode>? text, string field)
    {
        foreach (CallableTool tool in tools)
            CheckSchema(tool);
        return EnforceableGrammar.Create(field, () =>
        {
            var builder = new GrammarBuilder();
            List<GrammarNode> answers = [];
            if (text is not null)
                answers.Add(text(builder));
            if (tools.Count > 0)
                answers.Add(Calls(builder, form, tools));
            return builder.Build(GrammarNode.Sequence(Thoughts(form, model), GrammarNode.Choice(answers)));
        }).ToGbnf();
    }

    private static void CheckSchema(CallableTool tool) => EnforceableGrammar.Create(tool.Field, () =>
    {
        var builder = new GrammarBuilder();
        return builder.Build(Arguments(builder, tool.Definition));
    });

    private static GrammarNode Arguments(GrammarBuilder builder, ToolDefinition tool) =>
        tool.Parameters.ValueKind == JsonValueKind.Object && tool.Parameters.EnumerateObject().Any()
            ? builder.JsonSchema(tool.Parameters)
            : builder.JsonObject();

    private static GrammarNode Calls(GrammarBuilder builder, AnswerForm form, IReadOnlyList<CallableTool> tools)
    {
        ToolCallFrame[] frames = [.. tools.Select(tool => form.Prompt.Style.EnforcedCalls.Frame(tool.Definition.Name))];
        GrammarNode call = GrammarNode.Choice(tools.Zip(frames, (tool, frame) => GrammarNode.Sequence(
            GrammarNode.Text(frame.Prefix), Arguments(builder, tool.Definition), GrammarNode.Text(frame.Suffix))));
        GrammarNode more = form.AllowsSeveralCalls
            ? GrammarNode.Repeat(GrammarNode.Sequence(GrammarNode.Text(frames[0].Separator), call), 0, MostCalls - 1)
            : GrammarNode.Empty;
        return GrammarNode.Sequence(GrammarNode.Text(frames[0].Open), call, more, GrammarNode.Text(frames[0].Close));
    }

    // A model that thinks may do so before it comes to the point.
    private static GrammarNode Thoughts(AnswerForm form, ModelDescription model)
    {
        if (form.Reasoning is not { } reasoning)
            return GrammarNode.Empty;
        if (form.Prompt.EndsWithinReasoning)
            return ThoughtsUntil(reasoning.Close);
        // Grammars know texts alone: marks that are control tokens would have to be spelt, which no model has learnt.
        return model.ControlTokens.Any(token => token.Text == reasoning.Open)
            ? GrammarNode.Empty
            : GrammarNode.Optional(GrammarNode.Sequence(GrammarNode.Text(reasoning.Open), ThoughtsUntil(reasoning.Close)));
    }

    // Thoughts don't hold the first two characters of what ends them, which is more than they would have to avoid, and simple.
    private static GrammarNode ThoughtsUntil(string close)
    {
        GrammarNode first = GrammarNode.Text(close[..1]);
        GrammarNode other = GrammarNode.Of(CharSet.Any.Except(CharSet.AnyOf(close[..1])));
        GrammarNode neither = GrammarNode.Of(CharSet.Any.Except(CharSet.AnyOf(close[..2])));
        GrammarNode thoughts = GrammarNode.Repeat(
            GrammarNode.Choice(other, GrammarNode.Sequence(GrammarNode.Repeat(first, 1, null), neither)), 0, null);
        GrammarNode space = GrammarNode.Repeat(GrammarNode.Of(CharSet.AnyOf(" \n")), 0, MostWhiteSpace);
        return GrammarNode.Sequence(thoughts, GrammarNode.Text(close), space);
    }
}
