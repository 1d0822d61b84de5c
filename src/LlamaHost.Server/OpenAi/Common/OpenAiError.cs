using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlamaHost.Server.OpenAi.Common;

/// <summary>The body of every error under <c>/v1</c>, and the last event of a stream that failed.</summary>
/// <param name="Error">What is wrong.</param>
public sealed record OpenAiErrorBody(OpenAiError Error);

/// <summary>An error as OpenAI's clients know it.</summary>
public sealed record OpenAiError
{
    /// <summary>What is wrong, in a sentence or two.</summary>
    public required string Message { get; init; }

    /// <summary><c>invalid_request_error</c>, <c>requests</c> (too many of them) or <c>server_error</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The request's field concerned; null if it concerns no single one.</summary>
    public string? Param { get; init; }

    /// <summary>Stable, machine-readable code.</summary>
    public string? Code { get; init; }
}

/// <summary>Source-generated JSON of the errors, which have nulls where there is nothing to say.</summary>
[JsonSerializable(typeof(OpenAiErrorBody))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class OpenAiErrorJson : JsonSerializerContext
{
    /// <summary>Leaves text as it is instead of escaping all but ASCII: these answers are JSON by media type, never HTML.</summary>
    public static OpenAiErrorJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
