using LlamaHost.Engine.Requests;

namespace LlamaHost.Server.Models;

/// <summary>Where a loaded model is, as llama.cpp tells it.</summary>
public sealed record PlacementItem
{
    /// <summary>What was asked for: <c>auto</c>, <c>all</c> or a number of layers.</summary>
    public required string RequestedGpuLayers { get; init; }

    /// <summary>Layers that are on GPUs.</summary>
    public required int GpuLayers { get; init; }

    /// <summary>Layers of the model; the output counts as one.</summary>
    public required int Layers { get; init; }

    /// <summary>Bytes of the KV cache, on all devices.</summary>
    public required long KvBytes { get; init; }

    /// <summary>The devices that hold a part, the CPU included.</summary>
    public required IReadOnlyList<PlacedDeviceItem> Devices { get; init; }

    /// <summary>Why less is on the GPU than could be.</summary>
    public string? Note { get; init; }

    /// <summary>Backends for GPUs that came with the libraries but are of no use on this machine.</summary>
    public IReadOnlyList<UnusableBackendItem>? UnusableBackends { get; init; }

    internal static PlacementItem? Of(ModelPlacement? placement) => placement is null ? null : new PlacementItem
    {
        RequestedGpuLayers = placement.RequestedGpuLayers.ToString(),
        GpuLayers = placement.GpuLayers,
        Layers = placement.Layers,
        KvBytes = placement.KvBytes,
        Devices = [.. placement.Devices.Select(PlacedDeviceItem.Of)],
        Note = placement.Note,
        UnusableBackends = placement.UnusableBackends.Count == 0
            ? null
            : [.. placement.UnusableBackends.Select(backend => new UnusableBackendItem(backend.Library, backend.Reason))],
    };
}

/// <summary>A device's part of a model.</summary>
public sealed record PlacedDeviceItem
{
    /// <summary>Name such as <c>CUDA0</c> or <c>CPU</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The hardware's name.</summary>
    public required string Description { get; init; }

    /// <summary><c>gpu</c> or <c>cpu</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Library of the backend that drives it.</summary>
    public string? Library { get; init; }

    /// <summary>Bytes of its memory.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Bytes that were free before the model was loaded.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>Layers that it holds.</summary>
    public required int Layers { get; init; }

    /// <summary>Bytes of weights.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Bytes of KV cache.</summary>
    public required long KvBytes { get; init; }

    /// <summary>Bytes of buffers for intermediate results.</summary>
    public required long ComputeBytes { get; init; }

    internal static PlacedDeviceItem Of(DevicePlacement device) => new()
    {
        Name = device.Name,
        Description = device.Description,
        Kind = device.IsGpu ? "gpu" : "cpu",
        Library = device.Library,
        TotalBytes = device.TotalBytes,
        FreeBytes = device.FreeBytes,
        Layers = device.Layers,
        WeightBytes = device.WeightBytes,
        KvBytes = device.KvBytes,
        ComputeBytes = device.ComputeBytes,
    };
}

/// <summary>A backend for GPUs that is there, but of no use on this machine.</summary>
/// <param name="Library">Its file.</param>
/// <param name="Reason">What is missing.</param>
public sealed record UnusableBackendItem(string Library, string Reason);
