using System.Text.Json.Serialization;
using LlamaHost.Engine.Requests;
using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.Models;

namespace LlamaHost.Server.OpenAi.Models;

/// <summary>The models that can be asked for, in the shape that OpenAI's clients know, with more fields.</summary>
/// <param name="Data">The models, the default one first.</param>
public sealed record ModelList(IReadOnlyList<ModelItem> Data)
{
    /// <summary>Always <c>list</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; } = "list";
}

/// <summary>One model.</summary>
public sealed record ModelItem
{
    /// <summary>What requests name it by.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>model</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; } = "model";

    /// <summary>When its file was last written, in seconds since 1970.</summary>
    public required long Created { get; init; }

    /// <summary>Always <c>llamahost</c>.</summary>
    public string OwnedBy { get; } = "llamahost";

    /// <summary>Whether it serves requests that name no model.</summary>
    public required bool IsDefault { get; init; }

    /// <summary><c>not_loaded</c>, <c>loading</c>, <c>ready</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it is not ready, or why its file can't be read.</summary>
    public string? Reason { get; init; }

    /// <summary>Its own name.</summary>
    public string? Name { get; init; }

    /// <summary>Architecture, such as <c>llama</c>.</summary>
    public string? Architecture { get; init; }

    /// <summary>Quantisation, such as <c>Q4_1</c>.</summary>
    public string? Quantization { get; init; }

    /// <summary>Most tokens of prompt and continuation, once it is loaded.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Context length that it was trained with.</summary>
    public int? TrainedContextLength { get; init; }

    /// <summary>Number of weights.</summary>
    public long? ParameterCount { get; init; }

    /// <summary>Size of its file in bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>On which devices it is, and how much memory it takes, once it is loaded.</summary>
    public PlacementItem? Placement { get; init; }

    internal static ModelItem Of(ModelEntry model, ModelStatus status, bool isDefault)
    {
        ModelDescription? loaded = status.Description;
        return new ModelItem
        {
            Id = model.Id,
            Created = model.Created.ToUnixTimeSeconds(),
            IsDefault = isDefault,
            State = ModelStates.Name(status.State),
            Reason = status.Reason ?? model.HeaderError,
            Name = model.Name,
            Architecture = model.Architecture,
            Quantization = model.Quantization,
            ContextLength = loaded?.ContextLength,
            TrainedContextLength = model.TrainedContextLength ?? loaded?.TrainedContextLength,
            ParameterCount = model.ParameterCount ?? loaded?.ParameterCount,
            SizeBytes = model.FileSize,
            Placement = PlacementItem.Of(loaded?.Placement),
        };
    }
}

/// <summary>Source-generated JSON of this API.</summary>
[JsonSerializable(typeof(ModelList))]
[JsonSerializable(typeof(ModelItem))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ModelsJson : JsonSerializerContext;
