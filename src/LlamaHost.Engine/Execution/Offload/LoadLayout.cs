using LlamaHost.Engine.Requests;
using LlamaHost.Native;

namespace LlamaHost.Engine.Execution.Offload;

/// <summary>Where a model is to be loaded.</summary>
internal sealed record LoadLayout
{
    /// <summary>GPUs that hold layers. Empty: the CPU holds everything, and computes everything.</summary>
    public IReadOnlyList<BackendDevice> Devices { get; init; } = [];

    /// <summary>Layers on each of them; empty: as llama.cpp shares them out.</summary>
    public IReadOnlyList<int> DeviceLayers { get; init; } = [];

    /// <summary>Layers on GPUs; negative: all.</summary>
    public int GpuLayers { get; init; }

    /// <summary>Most cells of the KV cache; <see langword="null"/>: as the settings say.</summary>
    public int? Cells { get; init; }

    /// <summary>What the operator should know of it.</summary>
    public string? Note { get; init; }

    /// <summary>In the binding's terms.</summary>
    public LlamaModelOptions ToModelOptions(bool measureOnly) => new()
    {
        GpuLayers = GpuLayers,
        Devices = [.. Devices.Select(device => device.Name)],
        // The numbers of layers, as proportions, come out of llama.cpp's division as themselves.
        TensorSplit = DeviceLayers.Count > 0 ? [.. DeviceLayers.Select(layers => (float)layers)] : null,
        MeasureOnly = measureOnly,
    };

    /// <summary>The settings of what became of them.</summary>
    public OffloadSettings Effective(OffloadSettings settings) =>
        Devices.Count > 0 ? settings : settings with { GpuLayers = Requests.GpuLayers.None };
}
