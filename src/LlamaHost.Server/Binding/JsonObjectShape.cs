using System.Text.Json;
using Microsoft.OpenApi;

namespace LlamaHost.Server.Binding;

/// <summary>A JSON object whose content is not this table's to know.</summary>
/// <param name="description">In words.</param>
internal sealed class JsonObjectShape(string description) : Shape<JsonElement>
{
    /// <inheritdoc/>
    public override string Description => description;

    /// <inheritdoc/>
    public override JsonElement Read(JsonElement value, string field, string place) =>
        value.ValueKind == JsonValueKind.Object ? value.Clone() : throw WrongType(value, field, place);

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new() { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema() };
}
