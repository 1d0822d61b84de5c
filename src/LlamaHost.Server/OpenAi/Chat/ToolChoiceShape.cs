using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.Conversations.Shapes;
using LlamaHost.Server.Errors;
using Microsoft.OpenApi;

namespace LlamaHost.Server.OpenAi.Chat;

/// <summary>The shape of <c>tool_choice</c>: a word, or the function that must be called.</summary>
internal sealed class ToolChoiceShape : Shape<ToolChoice>
{
    private static readonly ChoiceShape<ToolChoice> Words = new(
        ("\"none\"", new ToolChoice(ToolUse.None)), ("\"auto\"", new ToolChoice(ToolUse.Auto)), ("\"required\"", new ToolChoice(ToolUse.Required)));

    /// <inheritdoc/>
    public override string Description => $"{Words.Description}, or an object of type function with a function's name";

    /// <inheritdoc/>
    public override ToolChoice Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind == JsonValueKind.String)
            return Words.Read(value, field, place);
        if (value.ValueKind != JsonValueKind.Object)
            throw WrongType(value, field, place);
        JsonFields choice = JsonFields.Of(value, place);
        string type = choice.RequiredText("type");
        return type == "function"
            ? new ToolChoice(ToolUse.Required, [choice.RequiredObject("function").RequiredText("name")])
            : throw ApiException.BadRequest(
                ErrorCodes.UnsupportedParameter, choice.PlaceOf("type"),
                $"{choice.PlaceOf("type")} must be \"function\"; it is {Spelling.Quote(type)}.");
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new()
    {
        OneOf =
        [
            Words.ToSchema(),
            new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create("function")] },
                    ["function"] = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema> { ["name"] = new OpenApiSchema { Type = JsonSchemaType.String } },
                        Required = new HashSet<string> { "name" },
                    },
                },
                Required = new HashSet<string> { "type", "function" },
            },
        ],
    };
}
