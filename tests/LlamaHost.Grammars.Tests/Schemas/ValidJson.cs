using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace LlamaHost.Grammars.Tests.Schemas;

/// <summary>JSON Schema by a library that has nothing to do with the code that makes grammars.</summary>
internal sealed class ValidJson
{
    private static readonly EvaluationOptions Options = new() { RequireFormatValidation = true };

    // The library notes schemas in a registry that all share, and that bears one thread at a time.
    private static readonly Lock Registry = new();

    private readonly JsonSchema _schema;

    public ValidJson(string schema)
    {
        lock (Registry)
        {
            // The library knows the newest draft alone, where definitions have another name.
            _schema = JsonSchema.FromText(schema.Replace("definitions", "$defs", StringComparison.Ordinal));
        }
    }

    /// <summary>Whether a text is JSON and valid.</summary>
    public bool Accepts(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            JsonElement value = document.RootElement;
            JsonElement judged = Strings(value).All(IsCountable) ? value : JsonSerializer.SerializeToElement(Countable(value));
            lock (Registry)
                return _schema.Evaluate(judged, Options).IsValid;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Strings(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().SelectMany(one => Strings(one.Value)),
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Strings),
        JsonValueKind.String => [value.GetString()!],
        _ => [],
    };

    // JSON Schema's lengths are in characters of RFC 8259, which are code points; the library counts a letter and its combining marks as one.
    private static bool IsCountable(string text) => new StringInfo(text).LengthInTextElements == text.EnumerateRunes().Count();

    private static JsonNode? Countable(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                var result = new JsonObject();
                foreach (JsonProperty one in value.EnumerateObject())
                    result[one.Name] = Countable(one.Value);
                return result;
            case JsonValueKind.Array:
                return new JsonArray([.. value.EnumerateArray().Select(Countable)]);
            case JsonValueKind.String when value.GetString()! is var text && !IsCountable(text):
                return string.Concat(text.EnumerateRunes().Select(rune => rune.IsAscii ? rune.ToString() : "x"));
            default:
                return JsonNode.Parse(value.GetRawText());
        }
    }
}
