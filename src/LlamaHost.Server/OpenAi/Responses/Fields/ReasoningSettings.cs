using System.Text.Json;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Conversations.Shapes;
using Microsoft.OpenApi;

namespace LlamaHost.Server.OpenAi.Responses.Fields;

/// <summary>How the model thinks before it answers.</summary>
/// <param name="Effort">How much, in a word that its chat template knows.</param>
/// <param name="Summary">Which summary of its thoughts was asked for; none is made, because the thoughts themselves are given.</param>
public sealed record ReasoningSettings(string? Effort, string? Summary);

/// <summary>The shape of <c>reasoning</c>.</summary>
internal sealed class ReasoningSettingsShape : Shape<ReasoningSettings>
{
    private static readonly TextShape Word = new(1, 32);

    /// <inheritdoc/>
    public override string Description => "an object with effort and summary, each a string";

    /// <inheritdoc/>
    public override ReasoningSettings Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw WrongType(value, field, place);
        JsonFields settings = JsonFields.Of(value, place);
        string? effort = settings.Any("effort") is { } word ? Word.Read(word, settings.PlaceOf("effort"), settings.PlaceOf("effort")) : null;
        // The older name of the summary.
        return new ReasoningSettings(effort, settings.Text("summary") ?? settings.Text("generate_summary"));
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["effort"] = Word.ToSchema(),
            ["summary"] = new OpenApiSchema { Type = JsonSchemaType.String },
        },
    };
}
