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
internal sealed class AnswerGrammar
{
    // Far more than any conversation needs; it keeps a model that likes repetitions from calling until the context is full.
    private const int MostCalls = 32;

    private const int MostWhiteSpace = 4;

    private readonly GrammarBuilder _builder = new();
    private readonly AnswerForm _form;
    private readonly MarkedTexts _marked;

    private AnswerGrammar(AnswerForm form, ModelDescription model) => (_form, _marked) = (form, new MarkedTexts(model));

    private ToolCallFormat Format => _form.Prompt.Style.EnforcedCalls;

    /// <summary>The grammar in GBNF of a text of a form, or of calls.</summary>
    /// <param name="form">What the answer may consist of.</param>
    /// <param name="model">The model.</param>
    /// <param name="tools">Tools of which one must be called, unless there is something else to say; empty: none.</param>
    /// <param name="text">What may be said; <see langword="null"/>: nothing, there must be a call.</param>
    /// <param name="field">The field that asks for the grammar, for errors.</param>
    /// <exception cref="ApiException"><c>invalid_grammar</c>: a schema can't be enforced; the field and the message say which, and where.</exception>
    public static string Create(
        AnswerForm form, ModelDescription model, IReadOnlyList<CallableTool> tools, Func<GrammarBuilder, GrammarNode>? text, string field) =>
        Create(form, model, tools, field, grammar =>
        {
            List<GrammarNode> answers = [];
            if (text is not null)
                answers.Add(text(grammar._builder));
            if (tools.Count > 0)
                answers.Add(grammar.Calls(tools));
            return GrammarNode.Choice(answers);
        });

    /// <summary>The grammar in GBNF of any text, with calls behind it if the model likes, whose arguments follow the tools' schemas.</summary>
    /// <param name="form">What the answer may consist of.</param>
    /// <param name="model">The model.</param>
    /// <param name="tools">Tools that may be called, at least one.</param>
    /// <param name="field">The field that asks for the grammar, for errors.</param>
    /// <exception cref="ApiException"><c>invalid_grammar</c>: a schema can't be enforced; the field and the message say which, and where.</exception>
    public static string CreateStrict(AnswerForm form, ModelDescription model, IReadOnlyList<CallableTool> tools, string field) =>
        Create(form, model, tools, field, grammar => grammar.TextAndCalls(tools));

    private static string Create(
        AnswerForm form, ModelDescription model, IReadOnlyList<CallableTool> tools, string field, Func<AnswerGrammar, GrammarNode> answer)
    {
        foreach (CallableTool tool in tools)
            CheckSchema(tool);
        return EnforceableGrammar.Create(field, () =>
        {
            var grammar = new AnswerGrammar(form, model);
            return grammar._builder.Build(GrammarNode.Sequence(grammar.Thoughts(), answer(grammar)));
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

    // What begins a call is in no text, so that what the reader takes for a call is one that the grammar knows.
    private GrammarNode TextAndCalls(IReadOnlyList<CallableTool> tools)
    {
        GrammarNode calls = Calls(tools);
        GrammarNode text = _builder.TextWithout(Format.Openers, CharSet.AnyOf(Format.BareBeginnings));
        // After a text, what begins without a mark is text, too.
        if (Format.BareBeginnings.Length > 0)
            return GrammarNode.Choice(text, calls);
        if (Format.TextHeader is not { } header)
            return GrammarNode.Sequence(text, GrammarNode.Optional(calls));
        GrammarNode after = GrammarNode.Sequence(_marked.Of(Format.Frame(tools[0].Definition.Name).Separator), calls);
        return GrammarNode.Choice(calls, GrammarNode.Sequence(_marked.Of(header), text, GrammarNode.Optional(after)));
    }

    private GrammarNode Calls(IReadOnlyList<CallableTool> tools)
    {
        ToolCallFrame[] frames = [.. tools.Select(tool => Format.Frame(tool.Definition.Name))];
        GrammarNode call = GrammarNode.Choice(tools.Zip(frames, (tool, frame) => GrammarNode.Sequence(
            _marked.Of(frame.Prefix), Arguments(_builder, tool.Definition), _marked.Of(frame.Suffix))));
        GrammarNode more = _form.AllowsSeveralCalls
            ? GrammarNode.Repeat(GrammarNode.Sequence(_marked.Of(frames[0].Separator), call), 0, MostCalls - 1)
            : GrammarNode.Empty;
        return GrammarNode.Sequence(_marked.Of(frames[0].Open), call, more, _marked.Of(frames[0].Close));
    }

    // A model that thinks may do so before it comes to the point.
    private GrammarNode Thoughts()
    {
        if (_form.Reasoning is not { } reasoning)
            return GrammarNode.Empty;
        GrammarNode space = GrammarNode.Repeat(GrammarNode.Of(CharSet.AnyOf(" \n")), 0, MostWhiteSpace);
        GrammarNode rest = GrammarNode.Sequence(_builder.TextWithout([reasoning.Close]), _marked.Of(reasoning.Close), space);
        return _form.Prompt.EndsWithinReasoning ? rest : GrammarNode.Optional(GrammarNode.Sequence(_marked.Of(reasoning.Open), rest));
    }
}
