using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Conversations.Shapes;
using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenAi.Common;
using Microsoft.OpenApi;

namespace LlamaHost.Server.OpenAi.Chat;

/// <summary>The shape of <c>response_format</c>.</summary>
internal sealed class ResponseFormatShape : Shape<ResponseFormat>
{
    /// <inheritdoc/>
    public override string Description => "an object with type text, json_object or json_schema (then also json_schema, with name and schema)";

    /// <inheritdoc/>
    public override ResponseFormat Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw WrongType(value, field, place);
        JsonFields format = JsonFields.Of(value, place);
        string type = format.RequiredText("type");
        return type switch
        {
            "text" => ResponseFormat.Text,
            "json_object" => ResponseFormat.JsonObject,
            "json_schema" => Schema(format.RequiredObject("json_schema")),
            _ => throw ApiException.BadRequest(
                ErrorCodes.OutOfRange, format.PlaceOf("type"),
                $"{format.PlaceOf("type")} must be text, json_object or json_schema; it is {Spelling.Quote(type)}."),
        };
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Enum = [JsonValue.Create("text"), JsonValue.Create("json_object"), JsonValue.Create("json_schema")],
            },
            ["json_schema"] = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema() },
        },
        Required = new HashSet<string> { "type" },
    };

    private static ResponseFormat Schema(JsonFields description)
    {
        description.Text("name");
        description.Text("description");
        description.Boolean("strict");
        return description.Any("schema") switch
        {
            // OpenAI lets the schema be left out, where it says nothing.
            null => ResponseFormat.JsonObject,
            { ValueKind: JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False } schema => ResponseFormat.Of(schema.Clone()),
            { } other => throw JsonFields.WrongType(other, description.PlaceOf("schema"), "a JSON schema"),
        };
    }
}
