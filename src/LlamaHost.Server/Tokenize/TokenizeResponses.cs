using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlamaHost.Server.Tokenize;

/// <summary>The answer to <c>POST /tokenize</c>.</summary>
public sealed record TokenizeResponse
{
    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Token ids, as Hugging Face's tokenizer of the same model gives them.</summary>
    public required IReadOnlyList<int> TokenIds { get; init; }

    /// <summary>Each token's own text; parts of a character as U+FFFD.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }
}

/// <summary>The answer to <c>POST /detokenize</c>.</summary>
public sealed record DetokenizeResponse
{
    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The tokens' text, as Hugging Face's tokenizer of the same model decodes it.</summary>
    public required string Text { get; init; }
}

/// <summary>Source-generated JSON of this API.</summary>
[JsonSerializable(typeof(TokenizeResponse))]
[JsonSerializable(typeof(DetokenizeResponse))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class TokenizeJson : JsonSerializerContext
{
    /// <summary>Leaves text as it is instead of escaping all but ASCII: these answers are JSON by media type, never HTML.</summary>
    public static TokenizeJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
