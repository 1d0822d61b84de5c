namespace LlamaHost.Engine.Requests;

/// <summary>Where a loaded model is: what llama.cpp says of it, not what was asked for.</summary>
public sealed record ModelPlacement
{
    /// <summary>What was asked for.</summary>
    public required GpuLayers RequestedGpuLayers { get; init; }

    /// <summary>Layers of the model; the output counts as one.</summary>
    public required int Layers { get; init; }

    /// <summary>Layers that are on GPUs.</summary>
    public required int GpuLayers { get; init; }

    /// <summary>Every device that holds a part, the CPU included.</summary>
    public required IReadOnlyList<DevicePlacement> Devices { get; init; }

    /// <summary>Bytes of the KV cache, on all devices.</summary>
    public long KvBytes => Devices.Aggregate(0L, (sum, device) => sum + device.KvBytes);

    /// <summary>Why less is on the GPU than could be: the plan in a sentence; <see langword="null"/>: nothing is to be said.</summary>
    public string? Note { get; init; }

    /// <summary>Backends for GPUs that came with the libraries but are of no use on this machine.</summary>
    public IReadOnlyList<UnusableGpuBackend> UnusableBackends { get; init; } = [];
}

/// <summary>A device's part of a model.</summary>
public sealed record DevicePlacement
{
    /// <summary>Name such as <c>CUDA0</c> or <c>CPU</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The hardware's name.</summary>
    public required string Description { get; init; }

    /// <summary>Whether it is a GPU.</summary>
    public required bool IsGpu { get; init; }

    /// <summary>Library of the backend that drives it, such as <c>libggml-cuda.so</c>; <see langword="null"/>: unknown.</summary>
    public string? Library { get; init; }

    /// <summary>Bytes of its memory.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Bytes that were free before the model was loaded.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>Layers that it holds.</summary>
    public required int Layers { get; init; }

    /// <summary>Bytes of weights; 0 also where llama.cpp does not tell.</summary>
    public long WeightBytes { get; init; }

    /// <summary>Bytes of KV cache; 0 also where llama.cpp does not tell.</summary>
    public long KvBytes { get; init; }

    /// <summary>Bytes of buffers for intermediate results; 0 also where llama.cpp does not tell.</summary>
    public long ComputeBytes { get; init; }
}

/// <summary>A backend for GPUs that is there, but of no use on this machine.</summary>
/// <param name="Library">Its file.</param>
/// <param name="Reason">What is missing.</param>
public sealed record UnusableGpuBackend(string Library, string Reason);
