using LlamaHost.Gguf;

namespace LlamaHost.Engine.Execution.Offload;

/// <summary>What the planner decides on.</summary>
internal sealed record OffloadRequest
{
    /// <summary>The model.</summary>
    public required ModelShape Model { get; init; }

    /// <summary>Bytes that each device can give, in order of the devices; not negative.</summary>
    public required IReadOnlyList<long> Budgets { get; init; }

    /// <summary>That many layers, or <see langword="null"/>: as many as fit.</summary>
    public int? Layers { get; init; }

    /// <summary>Proportions in which the devices get layers. Empty: the planner is free.</summary>
    public IReadOnlyList<float> TensorSplit { get; init; } = [];

    /// <summary>Cells of the KV cache that are wanted.</summary>
    public required int Cells { get; init; }

    /// <summary>Fewest cells that will do, if all layers fit on GPUs then; <see cref="Cells"/> where their number was asked for.</summary>
    public required int LeastCells { get; init; }

    /// <summary>Most tokens computed at once.</summary>
    public required int BatchTokens { get; init; }

    /// <summary>How keys are stored.</summary>
    public GgmlBlock KeyType { get; init; } = GgmlBlock.Of(1);

    /// <summary>How values are stored.</summary>
    public GgmlBlock ValueType { get; init; } = GgmlBlock.Of(1);

    /// <summary>Whether the KV of layers on a GPU is there too.</summary>
    public bool OffloadKv { get; init; } = true;

    /// <summary>Whether attention is computed without ever holding all its scores.</summary>
    public bool FlashAttention { get; init; } = true;
}
