using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlamaHost.Server.Errors;

/// <summary>A problem document (RFC 9457), sent as <c>application/problem+json</c>.</summary>
public sealed record Problem
{
    /// <summary>The HTTP status in words.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>Stable, machine-readable code, such as <c>out_of_range</c>.</summary>
    public required string Code { get; init; }

    /// <summary>The request's field concerned; absent if it concerns no single one.</summary>
    public string? Field { get; init; }

    /// <summary>One sentence that says what is wrong and, where there are limits, both numbers.</summary>
    public required string Detail { get; init; }
}

/// <summary>Source-generated JSON of the errors.</summary>
[JsonSerializable(typeof(Problem))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ErrorsJson : JsonSerializerContext
{
    /// <summary>Leaves text as it is: the media type keeps browsers from taking it for HTML.</summary>
    public static ErrorsJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
