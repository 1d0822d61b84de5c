using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace LlamaHost.Server.Generate;

/// <summary>Source-generated JSON of this API.</summary>
[JsonSerializable(typeof(GenerateResponse))]
[JsonSerializable(typeof(GenerateEvent))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class GenerateJson : JsonSerializerContext
{
    /// <summary>Leaves text as it is instead of escaping all but ASCII: these answers are JSON by media type, never HTML.</summary>
    public static GenerateJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>
    /// A token's event as it is among <see cref="GenerateEvent"/>s, with its type for the first property. There the serializer finds out what
    /// it is, and allocates for that.
    /// </summary>
    public static JsonTypeInfo<TokenGenerated> Token { get; } = WithType("token");

    private static JsonTypeInfo<TokenGenerated> WithType(string name)
    {
        var info = (JsonTypeInfo<TokenGenerated>)((IJsonTypeInfoResolver)Readable).GetTypeInfo(typeof(TokenGenerated), Readable.Options)!;
        JsonPropertyInfo type = info.CreateJsonPropertyInfo(typeof(string), "type");
        type.Get = _ => name;
        info.Properties.Insert(0, type);
        return info;
    }
}
