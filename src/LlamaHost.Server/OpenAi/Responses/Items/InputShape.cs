using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Conversations.Shapes;
using Microsoft.OpenApi;

namespace LlamaHost.Server.OpenAi.Responses.Items;

/// <summary>The shape of <c>input</c>: what the user says, or a list of items.</summary>
internal sealed class InputShape : Shape<IReadOnlyList<ResponseItem>>
{
    private const int MostItems = 16384;

    private static readonly TextShape AnyText = new();

    /// <inheritdoc/>
    public override string Description => "a string, or an array of items: messages, function calls and their outputs, reasoning, references";

    /// <inheritdoc/>
    public override IReadOnlyList<ResponseItem> Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return
            [
                new MessageItem { Id = "", Role = "user", Content = [new InputTextPart { Text = AnyText.Read(value, field, place) }] },
            ];
        }
        if (value.ValueKind != JsonValueKind.Array)
            throw WrongType(value, field, place);
        if (value.GetArrayLength() > MostItems)
            throw OutOfRange($"{value.GetArrayLength()} items long", field, place);
        return [.. value.EnumerateArray().Select((item, index) => ItemReader.Read(JsonFields.Of(item, $"{place}[{index}]")))];
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema()
    {
        OpenApiSchema text = new() { Type = JsonSchemaType.String };
        OpenApiSchema content = new() { OneOf = [text, new OpenApiSchema { Type = JsonSchemaType.Array, Items = Part(text) }] };
        OpenApiSchema roles = new() { Type = JsonSchemaType.String, Enum = [.. ItemReader.Roles.Select(role => JsonValue.Create(role))] };
        OpenApiSchema items = new()
        {
            AnyOf =
            [
                Item("message", new() { ["role"] = roles, ["content"] = content }, ["role", "content"]),
                Item("function_call", new() { ["call_id"] = text, ["name"] = text, ["arguments"] = text }, ["type", "call_id", "name", "arguments"]),
                Item("function_call_output", new() { ["call_id"] = text, ["output"] = content }, ["type", "call_id", "output"]),
                Item(
                    "reasoning", new() { ["content"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Part(text) } }, ["type"]),
                Item("item_reference", [], ["id"]),
            ],
        };
        return new OpenApiSchema { OneOf = [text, new OpenApiSchema { Type = JsonSchemaType.Array, Items = items, MaxItems = MostItems }] };
    }

    private static OpenApiSchema Part(OpenApiSchema text) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema> { ["type"] = text, ["text"] = text },
        Required = new HashSet<string> { "type" },
    };

    private static OpenApiSchema Item(string type, Dictionary<string, IOpenApiSchema> fields, HashSet<string> required) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>(fields)
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create(type)] },
            ["id"] = new OpenApiSchema { Type = JsonSchemaType.String },
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.String },
        },
        Required = required,
    };
}
