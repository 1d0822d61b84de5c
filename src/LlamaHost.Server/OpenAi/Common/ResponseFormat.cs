using System.Text.Json;
using LlamaHost.Grammars;

namespace LlamaHost.Server.OpenAi.Common;

/// <summary>What the text of an answer must be.</summary>
/// <param name="Rule">Makes the rule for a grammar; <see langword="null"/>: any text.</param>
internal sealed record ResponseFormat(Func<GrammarBuilder, GrammarNode>? Rule)
{
    /// <summary>Any text.</summary>
    public static ResponseFormat Text { get; } = new((Func<GrammarBuilder, GrammarNode>?)null);

    /// <summary>Any JSON object.</summary>
    public static ResponseFormat JsonObject { get; } = new(builder => builder.JsonObject());

    /// <summary>JSON that a schema lets through.</summary>
    public static ResponseFormat Of(JsonElement schema) => new(builder => builder.JsonSchema(schema));
}
