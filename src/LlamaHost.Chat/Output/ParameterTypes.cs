using System.Text.Json;

namespace LlamaHost.Chat.Output;

/// <summary>JSON types that a parameter's value may have, as far as its tool's schema says so.</summary>
[Flags]
internal enum JsonTypes
{
    /// <summary>Nobody knows.</summary>
    Unknown = 0,
    Text = 1,
    Number = 2,
    Boolean = 4,
    Null = 8,
    Object = 16,
    Array = 32,
}

/// <summary>Finds a parameter's types in its tool's schema.</summary>
internal static class ParameterTypes
{
    private const int Deepest = 16;

    /// <summary>The types of a parameter of a tool.</summary>
    public static JsonTypes Of(ToolDefinition? tool, string parameter) =>
        tool is { Parameters: { ValueKind: JsonValueKind.Object } schema }
            && schema.TryGetProperty("properties", out JsonElement properties) && properties.ValueKind == JsonValueKind.Object
            && properties.TryGetProperty(parameter, out JsonElement one)
                ? Declared(one, 0)
                : JsonTypes.Unknown;

    /// <summary>The type of a value.</summary>
    public static JsonTypes Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => JsonTypes.Text,
        JsonValueKind.Number => JsonTypes.Number,
        JsonValueKind.True or JsonValueKind.False => JsonTypes.Boolean,
        JsonValueKind.Null => JsonTypes.Null,
        JsonValueKind.Object => JsonTypes.Object,
        JsonValueKind.Array => JsonTypes.Array,
        _ => JsonTypes.Unknown,
    };

    private static JsonTypes Declared(JsonElement schema, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > Deepest)
            return JsonTypes.Unknown;
        if (schema.TryGetProperty("type", out JsonElement type))
            return type.ValueKind == JsonValueKind.Array ? Union(type.EnumerateArray().Select(Named)) : Named(type);
        if (schema.TryGetProperty("const", out JsonElement constant))
            return Of(constant);
        if (schema.TryGetProperty("enum", out JsonElement values) && values.ValueKind == JsonValueKind.Array)
            return Union(values.EnumerateArray().Select(Of));
        foreach (string choice in (string[])["anyOf", "oneOf"])
        {
            if (schema.TryGetProperty(choice, out JsonElement options) && options.ValueKind == JsonValueKind.Array)
                return Union(options.EnumerateArray().Select(option => Declared(option, depth + 1)));
        }
        return JsonTypes.Unknown;
    }

    private static JsonTypes Named(JsonElement name) => (name.ValueKind == JsonValueKind.String ? name.GetString() : null) switch
    {
        "string" => JsonTypes.Text,
        "number" or "integer" => JsonTypes.Number,
        "boolean" => JsonTypes.Boolean,
        "null" => JsonTypes.Null,
        "object" => JsonTypes.Object,
        "array" => JsonTypes.Array,
        _ => JsonTypes.Unknown,
    };

    // Where one is unknown, so are all.
    private static JsonTypes Union(IEnumerable<JsonTypes> types)
    {
        var union = JsonTypes.Unknown;
        foreach (JsonTypes one in types)
        {
            if (one == JsonTypes.Unknown)
                return one;
            union |= one;
        }
        return union;
    }
}
