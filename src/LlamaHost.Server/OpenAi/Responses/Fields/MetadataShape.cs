using System.Text.Json;
using LlamaHost.Server.Binding;
using Microsoft.OpenApi;

namespace LlamaHost.Server.OpenAi.Responses.Fields;

/// <summary>Texts that a client keeps with a response.</summary>
internal sealed class MetadataShape : Shape<IReadOnlyDictionary<string, string>>
{
    private const int MostPairs = 16;
    private const int LongestKey = 64;

    private static readonly TextShape Text = new(0, 512);

    /// <inheritdoc/>
    public override string Description =>
        $"an object of up to {MostPairs} fields with names of up to {LongestKey} characters, each {Text.Description}";

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw WrongType(value, field, place);
        Dictionary<string, string> pairs = new(StringComparer.Ordinal);
        foreach (JsonProperty one in value.EnumerateObject())
        {
            string key = JsonNames.Of(one, field);
            if (key.Length > LongestKey)
                throw OutOfRange($"has a name of {key.Length} characters", field, place);
            pairs[key] = Text.Read(one.Value, field, $"{place}.{Spelling.Quote(key)}");
        }
        return pairs.Count <= MostPairs ? pairs : throw OutOfRange($"{pairs.Count} fields long", field, place);
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() =>
        new() { Type = JsonSchemaType.Object, AdditionalProperties = Text.ToSchema(), MaxProperties = MostPairs };
}
