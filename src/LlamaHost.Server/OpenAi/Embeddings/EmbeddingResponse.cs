using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlamaHost.Server.OpenAi.Embeddings;

/// <summary>The answer to <c>POST /v1/embeddings</c>.</summary>
public sealed record EmbeddingResponse
{
    /// <summary>Always <c>list</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; } = "list";

    /// <summary>One vector for each input, in their order.</summary>
    public required IReadOnlyList<EmbeddingItem> Data { get; init; }

    /// <summary>Id of the model that made them.</summary>
    public required string Model { get; init; }

    /// <summary>What it cost.</summary>
    public required EmbeddingUsage Usage { get; init; }
}

/// <summary>The vector of an input.</summary>
public sealed record EmbeddingItem
{
    /// <summary>Always <c>embedding</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; } = "embedding";

    /// <summary>Index of the input.</summary>
    public required int Index { get; init; }

    /// <summary>Of length 1: an array of numbers, or a string with <c>encoding_format</c> <c>base64</c>.</summary>
    public required EmbeddingVector Embedding { get; init; }
}

/// <summary>What an answer cost.</summary>
/// <param name="PromptTokens">Tokens of all inputs, those that the tokenizer added included.</param>
/// <param name="TotalTokens">The same.</param>
public sealed record EmbeddingUsage(int PromptTokens, int TotalTokens);

/// <summary>Source-generated JSON of this API.</summary>
[JsonSerializable(typeof(EmbeddingResponse))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class EmbeddingJson : JsonSerializerContext
{
    /// <summary>Leaves text as it is, base64's plus signs too: these answers are JSON by media type, never HTML.</summary>
    public static EmbeddingJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
