using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaHost.Chat;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Errors;
using Microsoft.OpenApi;

namespace LlamaHost.Server.Conversations.Shapes;

/// <summary>A conversation's messages, as transformers and nearly every chat API write them.</summary>
internal sealed class MessagesShape : Shape<IReadOnlyList<ChatMessage>>
{
    private const int MostMessages = 16384;

    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool", "function"];

    /// <inheritdoc/>
    public override string Description => "an array of one or more messages, each an object with role and content";

    /// <inheritdoc/>
    public override IReadOnlyList<ChatMessage> Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind != JsonValueKind.Array)
            throw WrongType(value, field, place);
        if (value.GetArrayLength() is 0 or > MostMessages)
            throw OutOfRange($"{value.GetArrayLength()} items long", field, place);
        return [.. value.EnumerateArray().Select((message, index) => Message(JsonFields.Of(message, $"{place}[{index}]")))];
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema()
    {
        OpenApiSchema text = new() { Type = JsonSchemaType.String };
        OpenApiSchema part = new()
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create("text")] },
                ["text"] = text,
            },
        };
        OpenApiSchema message = new()
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["role"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [.. Roles.Select(role => JsonValue.Create(role))] },
                ["content"] = new OpenApiSchema
                {
                    OneOf = [text, new OpenApiSchema { Type = JsonSchemaType.Array, Items = part }, new OpenApiSchema { Type = JsonSchemaType.Null }],
                },
                ["name"] = text,
                ["reasoning_content"] = text,
                ["tool_calls"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array,
                    Items = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema() },
                },
                ["tool_call_id"] = text,
            },
            Required = new HashSet<string> { "role" },
        };
        return new OpenApiSchema { Type = JsonSchemaType.Array, Items = message, MinItems = 1, MaxItems = MostMessages };
    }

    private static ChatMessage Message(JsonFields fields)
    {
        string role = fields.RequiredText("role");
        if (!Roles.Contains(role))
        {
            throw ApiException.BadRequest(
                ErrorCodes.OutOfRange, fields.PlaceOf("role"),
                $"{fields.PlaceOf("role")} must be {string.Join(", ", Roles[..^1])} or {Roles[^1]}; it is {Spelling.Quote(role)}.");
        }
        (string? text, IReadOnlyList<string>? parts) = ContentShape.Read(fields);
        IReadOnlyList<ToolCall> calls = role == "assistant" ? ToolCallsShape.Read(fields) : [];
        if (text is null && parts is null && role != "assistant")
            throw fields.Missing("content", "a string, or an array of text parts");
        return new ChatMessage(role == "function" ? "tool" : role)
        {
            Content = text,
            Parts = parts,
            Name = fields.Text("name"),
            Reasoning = role == "assistant" ? fields.Text("reasoning_content") ?? fields.Text("reasoning") : null,
            ToolCallId = role == "tool" ? fields.Text("tool_call_id") : null,
            ToolCalls = calls.Count > 0 ? calls : null,
        };
    }
}
