using System.Text.Json;
using LlamaHost.Grammars.RegularExpressions;

namespace LlamaHost.Grammars.Schemas;

/// <summary>Reads the values of keywords, strictly.</summary>
internal static class JsonShape
{
    /// <summary>The pointer to a member of what another points to.</summary>
    public static string Below(string path, string name) =>
        $"{path}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    public static JsonElement.ArrayEnumerator Array(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw new GrammarException("An array is expected.", path);

    public static IReadOnlyList<JsonProperty> Object(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw new GrammarException("An object is expected.", path);
        JsonProperty[] members = [.. value.EnumerateObject()];
        return members.Select(member => member.Name).Distinct(StringComparer.Ordinal).Count() == members.Length
            ? members : throw new GrammarException("A name is there twice.", path);
    }

    public static string String(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.String ? Text(value.GetString()!, path) : throw new GrammarException("A string is expected.", path);

    public static bool Boolean(JsonElement value, string path) => value.ValueKind is JsonValueKind.True or JsonValueKind.False
        ? value.GetBoolean() : throw new GrammarException("true or false is expected.", path);

    public static int Count(JsonElement value, string path)
    {
        ExactNumber number = Number(value, path);
        return number.IsInteger && number.Digits >= 0 && number.Digits <= GrammarLimits.MaxRepetition
            ? (int)number.Digits : throw new GrammarException($"A whole number from 0 to {GrammarLimits.MaxRepetition} is expected.", path);
    }

    public static ExactNumber Number(JsonElement value, string path) => value.ValueKind == JsonValueKind.Number
        ? ExactNumber.Parse(value.GetRawText()) ?? throw new GrammarException("The number has too many digits.", path)
        : throw new GrammarException("A number is expected.", path);

    public static ExactNumber Positive(JsonElement value, string path) =>
        Number(value, path) is { Digits.Sign: > 0 } number ? number : throw new GrammarException("A number above 0 is expected.", path);

    public static IReadOnlyList<string> Names(JsonElement value, string path) => [.. Array(value, path).Select(one => String(one, path)).Distinct()];

    public static GrammarNode Pattern(JsonElement value, string path) => Pattern(String(value, path), path);

    public static GrammarNode Pattern(string pattern, string path)
    {
        try
        {
            return RegexGrammar.Search(pattern);
        }
        catch (GrammarException exception)
        {
            throw new GrammarException($"The pattern can't be enforced, {exception.Place}: {exception.Message}", path);
        }
    }

    public static string Reference(JsonElement value, string path)
    {
        string reference = String(value, path);
        return reference == "#" || reference.StartsWith("#/", StringComparison.Ordinal)
            ? Uri.UnescapeDataString(reference[1..])
            : throw new GrammarException("Only references within the schema, #/…, are supported.", path);
    }

    /// <summary>A text as it is.</summary>
    /// <exception cref="GrammarException">It has half a surrogate pair.</exception>
    public static string Text(string text, string path)
    {
        try
        {
            _ = GrammarNode.Text(text);
            return text;
        }
        catch (GrammarException exception)
        {
            throw new GrammarException(exception.Message, path);
        }
    }
}
