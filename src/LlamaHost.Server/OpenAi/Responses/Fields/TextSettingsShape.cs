using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Conversations.Shapes;
using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenAi.Common;
using Microsoft.OpenApi;

namespace LlamaHost.Server.OpenAi.Responses.Fields;

/// <summary>What the text of an answer must be.</summary>
/// <param name="Format">Its form.</param>
/// <param name="FormatJson">The form as the client wrote it.</param>
/// <param name="Verbosity">How much there should be of it: <c>low</c>, <c>medium</c> or <c>high</c>.</param>
internal sealed record TextSettings(ResponseFormat Format, JsonElement FormatJson, string Verbosity)
{
    /// <summary>Name of the form's field.</summary>
    public const string FormatField = "text.format";

    /// <summary>Any text.</summary>
    public static TextSettings Any { get; } = new(ResponseFormat.Text, JsonElement.Parse("""{"type":"text"}"""), "medium");
}

/// <summary>The shape of <c>text</c>.</summary>
internal sealed class TextSettingsShape : Shape<TextSettings>
{
    private static readonly ChoiceShape<string> Verbosities = new(("\"low\"", "low"), ("\"medium\"", "medium"), ("\"high\"", "high"));

    /// <inheritdoc/>
    public override string Description =>
        "an object with format, an object with type text, json_object or json_schema (then also name and schema), and verbosity, low, medium or high";

    /// <inheritdoc/>
    public override TextSettings Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw WrongType(value, field, place);
        JsonFields settings = JsonFields.Of(value, place);
        TextSettings read = TextSettings.Any;
        if (settings.Any("format") is { } format)
            read = read with { Format = Format(JsonFields.Of(format, settings.PlaceOf("format"))), FormatJson = format.Clone() };
        if (settings.Any("verbosity") is { } verbosity)
            read = read with { Verbosity = Verbosities.Read(verbosity, settings.PlaceOf("verbosity"), settings.PlaceOf("verbosity")) };
        return read;
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["format"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["type"] = new OpenApiSchema
                    {
                        Type = JsonSchemaType.String,
                        Enum = [JsonValue.Create("text"), JsonValue.Create("json_object"), JsonValue.Create("json_schema")],
                    },
                    ["name"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    ["description"] = new OpenApiSchema { Type = JsonSchemaType.String },
                    ["schema"] = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema() },
                    ["strict"] = new OpenApiSchema { Type = JsonSchemaType.Boolean },
                },
                Required = new HashSet<string> { "type" },
            },
            ["verbosity"] = Verbosities.ToSchema(),
        },
    };

    private static ResponseFormat Format(JsonFields format)
    {
        string type = format.RequiredText("type");
        return type switch
        {
            "text" => ResponseFormat.Text,
            "json_object" => ResponseFormat.JsonObject,
            "json_schema" => Schema(format),
            _ => throw ApiException.BadRequest(
                ErrorCodes.OutOfRange, format.PlaceOf("type"),
                $"{format.PlaceOf("type")} must be text, json_object or json_schema; it is {Spelling.Quote(type)}."),
        };
    }

    private static ResponseFormat Schema(JsonFields format)
    {
        format.RequiredText("name");
        format.Text("description");
        format.Boolean("strict");
        return format.Any("schema") switch
        {
            { ValueKind: JsonValueKind.Object } schema => ResponseFormat.Of(schema.Clone()),
            { } other => throw JsonFields.WrongType(other, format.PlaceOf("schema"), "a JSON schema"),
            null => throw format.Missing("schema", "a JSON schema"),
        };
    }
}
