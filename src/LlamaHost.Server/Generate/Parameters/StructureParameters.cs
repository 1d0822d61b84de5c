using System.Text.Json.Nodes;
using LlamaHost.Grammars;
using LlamaHost.Server.Binding;
using static LlamaHost.Server.Generate.Parameters.Rows;

namespace LlamaHost.Server.Generate.Parameters;

/// <summary>What the text must match. One of them at most.</summary>
internal static class StructureParameters
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<GenerateParameter> Rows { get; } =
    [
        Row("json_schema", new JsonObjectShape("a JSON schema: an object"), (request, value) => request.JsonSchema = value,
            "The text is JSON that is valid under this schema. What can't be enforced of it is refused, with its place, never ignored.",
            new() { LeftOut = "any text", OtherNames = ["guided_json"] }) with
            { Setting = request => request.Sent.JsonSchema is { } schema ? JsonNode.Parse(schema.GetRawText()) : null },
        Row("regex", new TextShape(1, GrammarLimits.MaxText), (request, value) => request.Regex = value,
            "The whole text matches this regular expression, as ECMAScript has them, without looking around and references back.",
            new() { LeftOut = "any text", OtherNames = ["guided_regex"] }) with { Setting = request => request.Sent.Regex },
        Row("grammar", new TextShape(1, GrammarLimits.MaxText), (request, value) => request.Grammar = value,
            "The whole text matches the rule root of this grammar in GBNF, llama.cpp's notation.",
            new() { LeftOut = "any text", OtherNames = ["guided_grammar"] }) with { Setting = request => request.Sent.Grammar },
    ];
}
