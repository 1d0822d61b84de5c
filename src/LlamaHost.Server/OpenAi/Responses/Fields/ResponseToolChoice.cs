using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.Conversations.Shapes;
using LlamaHost.Server.Errors;
using Microsoft.OpenApi;

namespace LlamaHost.Server.OpenAi.Responses.Fields;

/// <summary>Which tools the model may or must call.</summary>
/// <param name="Choice">The choice.</param>
/// <param name="Json">As the client wrote it.</param>
internal sealed record ResponseToolChoice(ToolChoice Choice, JsonElement Json)
{
    /// <summary>As the model sees fit.</summary>
    public static ResponseToolChoice Auto { get; } = new(new ToolChoice(ToolUse.Auto), JsonElement.Parse("\"auto\""));
}

/// <summary>The shape of <c>tool_choice</c>: a word, the function that must be called, or those that may or must be.</summary>
internal sealed class ResponseToolChoiceShape : Shape<ResponseToolChoice>
{
    private static readonly ChoiceShape<ToolUse> Words = new(
        ("\"none\"", ToolUse.None), ("\"auto\"", ToolUse.Auto), ("\"required\"", ToolUse.Required));

    private static readonly ChoiceShape<ToolUse> Modes = new(("\"auto\"", ToolUse.Auto), ("\"required\"", ToolUse.Required));

    /// <inheritdoc/>
    public override string Description =>
        $"{Words.Description}, or an object of type function with a name, or of type allowed_tools with mode and tools";

    /// <inheritdoc/>
    public override ResponseToolChoice Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind == JsonValueKind.String)
            return new ResponseToolChoice(new ToolChoice(Words.Read(value, field, place)), value.Clone());
        if (value.ValueKind != JsonValueKind.Object)
            throw WrongType(value, field, place);
        JsonFields choice = JsonFields.Of(value, place);
        string type = choice.RequiredText("type");
        return new ResponseToolChoice(
            type switch
            {
                "function" => new ToolChoice(ToolUse.Required, [choice.RequiredText("name")]),
                "allowed_tools" => Allowed(choice),
                _ => throw ApiException.BadRequest(
                    ErrorCodes.UnsupportedParameter, choice.PlaceOf("type"),
                    $"{choice.PlaceOf("type")} must be \"function\" or \"allowed_tools\"; it is {Spelling.Quote(type)}."),
            },
            value.Clone());
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema()
    {
        OpenApiSchema text = new() { Type = JsonSchemaType.String };
        return new OpenApiSchema
        {
            OneOf =
            [
                Words.ToSchema(),
                Object("function", new() { ["name"] = text }),
                Object("allowed_tools", new()
                {
                    ["mode"] = Modes.ToSchema(),
                    ["tools"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Object("function", new() { ["name"] = text }) },
                }),
            ],
        };
    }

    private static ToolChoice Allowed(JsonFields choice)
    {
        ToolUse use = choice.Any("mode") is { } mode ? Modes.Read(mode, choice.PlaceOf("mode"), choice.PlaceOf("mode")) : ToolUse.Auto;
        IReadOnlyList<(JsonElement Value, string Place)> tools = choice.Items("tools") ?? throw choice.Missing("tools", "an array of tools");
        if (tools.Count == 0)
            throw ApiException.BadRequest(ErrorCodes.OutOfRange, choice.PlaceOf("tools"), $"{choice.PlaceOf("tools")} is empty.");
        return new ToolChoice(use, [.. tools.Select(tool => Name(JsonFields.Of(tool.Value, tool.Place)))]);
    }

    private static string Name(JsonFields tool)
    {
        string type = tool.RequiredText("type");
        return type == "function"
            ? tool.RequiredText("name")
            : throw ApiException.BadRequest(
                ErrorCodes.UnsupportedParameter, tool.PlaceOf("type"),
                $"{tool.PlaceOf("type")} must be \"function\"; it is {Spelling.Quote(type)}.");
    }

    private static OpenApiSchema Object(string type, Dictionary<string, IOpenApiSchema> fields) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>(fields)
        {
            ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create(type)] },
        },
        Required = new HashSet<string>(fields.Keys) { "type" },
    };
}
