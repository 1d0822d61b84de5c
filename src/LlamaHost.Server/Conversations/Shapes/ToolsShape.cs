using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LlamaHost.Chat;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Errors;
using Microsoft.OpenApi;

namespace LlamaHost.Server.Conversations.Shapes;

/// <summary>Functions that a model may call.</summary>
/// <param name="isNested">Whether a tool has its function in a field of its own, <c>function</c>, or is the function itself.</param>
internal sealed partial class ToolsShape(bool isNested = true) : Shape<IReadOnlyList<ToolDefinition>>
{
    private const int MostTools = 512;

    /// <inheritdoc/>
    public override string Description =>
        $"an array of up to {MostTools} tools, each of type function with {(isNested ? "a function's " : "")}name, description and parameters "
            + "(a JSON schema)";

    /// <inheritdoc/>
    public override IReadOnlyList<ToolDefinition> Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind != JsonValueKind.Array)
            throw WrongType(value, field, place);
        if (value.GetArrayLength() > MostTools)
            throw OutOfRange($"{value.GetArrayLength()} items long", field, place);
        ToolDefinition[] tools = [.. value.EnumerateArray().Select((tool, index) => Tool(JsonFields.Of(tool, $"{place}[{index}]")))];
        string? twice = tools.CountBy(tool => tool.Name).Where(one => one.Value > 1).Select(one => one.Key).FirstOrDefault();
        return twice is null ? tools : throw ApiException.BadRequest(ErrorCodes.OutOfRange, field, $"{place} has two functions called {twice}.");
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema()
    {
        OpenApiSchema text = new() { Type = JsonSchemaType.String };
        Dictionary<string, IOpenApiSchema> function = new()
        {
            ["name"] = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Name().ToString() },
            ["description"] = text,
            ["parameters"] = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema() },
            ["strict"] = new OpenApiSchema { Type = JsonSchemaType.Boolean },
        };
        Dictionary<string, IOpenApiSchema> nested = new()
        {
            ["function"] = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = function, Required = new HashSet<string> { "name" } },
        };
        OpenApiSchema tool = new()
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>(isNested ? nested : function)
            {
                ["type"] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create("function")] },
            },
            Required = new HashSet<string> { "type", isNested ? "function" : "name" },
        };
        return new OpenApiSchema { Type = JsonSchemaType.Array, Items = tool, MaxItems = MostTools };
    }

    private ToolDefinition Tool(JsonFields tool)
    {
        string type = tool.RequiredText("type");
        if (type != "function")
        {
            throw ApiException.BadRequest(
                ErrorCodes.UnsupportedParameter, tool.PlaceOf("type"),
                $"{tool.PlaceOf("type")} must be \"function\"; it is {Spelling.Quote(type)}.");
        }
        JsonFields function = isNested ? tool.RequiredObject("function") : tool;
        string name = function.RequiredText("name");
        if (!Name().IsMatch(name))
        {
            throw ApiException.BadRequest(
                ErrorCodes.OutOfRange, function.PlaceOf("name"),
                $"{function.PlaceOf("name")} must be 1 to 128 letters, digits, or characters of _.:/-; it is {Spelling.Quote(name)}.");
        }
        JsonElement? parameters = function.Any("parameters");
        if (parameters is { ValueKind: not JsonValueKind.Object } other)
            throw JsonFields.WrongType(other, function.PlaceOf("parameters"), "a JSON schema of type object");
        return new ToolDefinition(name, function.Text("description"), parameters?.Clone() ?? default) { IsStrict = function.Boolean("strict") };
    }

    // The name goes into marks and JSON as it is.
    [GeneratedRegex("^[a-zA-Z0-9_.:/-]{1,128}$")]
    private static partial Regex Name();
}
