using System.Text.Json.Serialization;
using LlamaHost.Server.Models;

namespace LlamaHost.Server.Health;

/// <summary>Whether the host can do its work.</summary>
public sealed record HealthReport
{
    /// <summary><c>live</c>, <c>ready</c> or <c>not_ready</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is not ready, in one sentence.</summary>
    public string? Reason { get; init; }

    /// <summary>The models, the default one first.</summary>
    public IReadOnlyList<ModelHealth>? Models { get; init; }
}

/// <summary>Where a model's worker stands.</summary>
public sealed record ModelHealth
{
    /// <summary>Id of the model.</summary>
    public required string Id { get; init; }

    /// <summary><c>not_loaded</c>, <c>loading</c>, <c>ready</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>Loading progress, 0 to 1, while it loads.</summary>
    public float? Progress { get; init; }

    /// <summary>Why it is not ready.</summary>
    public string? Reason { get; init; }

    /// <summary>Which libraries and devices compute, once it is ready.</summary>
    public string? Backend { get; init; }

    /// <summary>Most tokens of prompt and continuation, once it is ready.</summary>
    public int? ContextLength { get; init; }

    /// <summary>On which devices it is, and how much memory it takes, once it is ready.</summary>
    public PlacementItem? Placement { get; init; }

    /// <summary>Process id of its worker, if one runs.</summary>
    public int? WorkerProcessId { get; init; }

    /// <summary>How often a worker had to be started again.</summary>
    public required int Restarts { get; init; }
}

/// <summary>Source-generated JSON of this API.</summary>
[JsonSerializable(typeof(HealthReport))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class HealthJson : JsonSerializerContext;
