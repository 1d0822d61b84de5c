namespace LlamaHost.Engine.Requests;

/// <summary>Which of a model's parts go to which GPUs.</summary>
public sealed record OffloadSettings
{
    /// <summary>How many layers.</summary>
    public GpuLayers GpuLayers { get; init; } = GpuLayers.Auto;

    /// <summary>
    /// Whether the model may be served from the CPU alone if no GPU can be used or none has room for it. <see langword="null"/>: for
    /// <see cref="GpuLayers.Auto"/> it may, for a number or all of the layers it may not.
    /// </summary>
    public bool? AllowCpuFallback { get; init; }

    /// <summary>Names of the devices to use, such as <c>CUDA0</c>, in order. Empty: all GPUs; integrated ones only if there are no others.</summary>
    public IReadOnlyList<string> Devices { get; init; } = [];

    /// <summary>How layers are shared out among several devices.</summary>
    public SplitMode SplitMode { get; init; } = SplitMode.Layer;

    /// <summary>Index of the device that is used with <see cref="SplitMode.None"/>.</summary>
    public int MainGpu { get; init; }

    /// <summary>Proportions in which the devices get layers, one for each. Empty: by free memory.</summary>
    public IReadOnlyList<float> TensorSplit { get; init; } = [];

    /// <summary>Whether the KV cache of layers on a GPU is there too.</summary>
    public bool OffloadKv { get; init; } = true;

    /// <summary>Memory of each GPU, in MiB, that is left free.</summary>
    public int GpuMemoryMarginMiB { get; init; } = 1024;

    /// <summary>Whether what is asked for may end on the CPU alone.</summary>
    public bool MayFallBack => AllowCpuFallback ?? GpuLayers.IsAuto;
}

/// <summary>How layers are shared out among several GPUs.</summary>
public enum SplitMode
{
    /// <summary>Each device has some layers.</summary>
    Layer,

    /// <summary>One device has all of them.</summary>
    None,
}
