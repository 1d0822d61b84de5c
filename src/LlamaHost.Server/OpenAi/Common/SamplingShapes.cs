using System.Text.Json;
using LlamaHost.Server.Binding;
using Microsoft.OpenApi;

namespace LlamaHost.Server.OpenAi.Common;

/// <summary>A seed: OpenAI's are signed, and other servers' go up to 2^64. Negative ones stand for those above 2^63.</summary>
internal sealed class SeedShape : Shape<ulong>
{
    private static readonly UnsignedShape _unsigned = new();

    /// <inheritdoc/>
    public override string Description => $"an integer from {long.MinValue} to {ulong.MaxValue}";

    /// <inheritdoc/>
    public override ulong Read(JsonElement value, string field, string place) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long signed)
            ? unchecked((ulong)signed)
            : _unsigned.Read(value, field, place);

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new() { Type = JsonSchemaType.Integer };
}

/// <summary>How a stream is sent: an object of which only <c>include_usage</c> counts.</summary>
internal sealed class StreamOptionsShape : Shape<bool>
{
    private const string IncludeUsage = "include_usage";

    private static readonly BooleanShape _boolean = new();

    /// <inheritdoc/>
    public override string Description => "an object with include_usage, true or false";

    /// <inheritdoc/>
    public override bool Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw WrongType(value, field, place);
        return value.TryGetProperty(IncludeUsage, out JsonElement usage) && usage.ValueKind != JsonValueKind.Null
            && _boolean.Read(usage, field, $"{place}.{IncludeUsage}");
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema> { [IncludeUsage] = _boolean.ToSchema() },
    };
}
