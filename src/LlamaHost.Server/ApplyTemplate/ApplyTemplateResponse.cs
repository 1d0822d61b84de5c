using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlamaHost.Server.ApplyTemplate;

/// <summary>The answer to <c>POST /apply-template</c>.</summary>
public sealed record ApplyTemplateResponse
{
    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>The text that the model is given.</summary>
    public required string Prompt { get; init; }

    /// <summary>Its token ids, the begin token included. What looks like a control token in messages or tools is plain text.</summary>
    public required IReadOnlyList<int> TokenIds { get; init; }
}

/// <summary>Source-generated JSON of this API.</summary>
[JsonSerializable(typeof(ApplyTemplateResponse))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ApplyTemplateJson : JsonSerializerContext
{
    /// <summary>Leaves text as it is instead of escaping all but ASCII: these answers are JSON by media type, never HTML.</summary>
    public static ApplyTemplateJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
