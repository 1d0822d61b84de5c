using System.Text.Json;

namespace LlamaHost.Grammars.Schemas;

/// <summary>JSON values as JSON Schema sees them.</summary>
internal static class JsonValues
{
    public static JsonTypes TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => JsonTypes.Null,
        JsonValueKind.True or JsonValueKind.False => JsonTypes.Boolean,
        JsonValueKind.String => JsonTypes.String,
        JsonValueKind.Array => JsonTypes.Array,
        JsonValueKind.Object => JsonTypes.Object,
        // What has too many digits to be read exactly is small beyond all measure, or large.
        _ => ExactNumber.Parse(value.GetRawText())?.IsInteger ?? !value.GetRawText().Contains("e-", StringComparison.OrdinalIgnoreCase)
            ? JsonTypes.Integer : JsonTypes.Fraction,
    };

    /// <summary>Whether two values are equal: numbers by their value, objects whatever their order.</summary>
    public static bool AreEqual(JsonElement one, JsonElement other) => JsonElement.DeepEquals(one, other);

    /// <summary>How deep its arrays and objects nest.</summary>
    public static int Depth(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => 1 + value.EnumerateArray().Select(Depth).DefaultIfEmpty().Max(),
        JsonValueKind.Object => 1 + value.EnumerateObject().Select(one => Depth(one.Value)).DefaultIfEmpty().Max(),
        _ => 0,
    };

    /// <summary>Checks that its strings are texts.</summary>
    /// <exception cref="GrammarException">One has half a surrogate pair.</exception>
    public static void CheckTexts(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.String)
            JsonShape.Text(value.GetString()!, path);
        if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in value.EnumerateArray())
                CheckTexts(item, path);
        }
        if (value.ValueKind != JsonValueKind.Object)
            return;
        foreach (JsonProperty member in value.EnumerateObject())
        {
            JsonShape.Text(member.Name, path);
            CheckTexts(member.Value, path);
        }
    }
}
