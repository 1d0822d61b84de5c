namespace LlamaHost.Native;

/// <summary>How a model is loaded.</summary>
public sealed record LlamaModelOptions
{
    /// <summary>
    /// Layers kept on <see cref="Devices"/>: the last ones, the output being the very last. One more than the model has blocks, or negative: all.
    /// </summary>
    public int GpuLayers { get; init; }

    /// <summary>
    /// Names of the devices that hold them. Empty: none, whatever there is; then nothing is computed on a GPU either. <see langword="null"/>:
    /// llama.cpp takes all.
    /// </summary>
    public IReadOnlyList<string>? Devices { get; init; }

    /// <summary>
    /// Each device's part of the layers, as a proportion; as many as <see cref="Devices"/>. <see langword="null"/>: by free memory.
    /// </summary>
    public IReadOnlyList<float>? TensorSplit { get; init; }

    /// <summary>
    /// Load no weights and allocate nothing: contexts of such a model compute nothing, but tell the memory that they would take
    /// (<see cref="LlamaContext.MemoryUse"/>).
    /// </summary>
    public bool MeasureOnly { get; init; }

    /// <summary>Load only vocabulary and metadata, no weights.</summary>
    public bool VocabularyOnly { get; init; }

    /// <summary>Verify each tensor's values while loading.</summary>
    public bool CheckTensors { get; init; }

    /// <summary>How the file is read.</summary>
    public ModelFileAccess FileAccess { get; init; } = ModelFileAccess.Auto;
}

/// <summary>How a model file is read (<c>enum llama_load_mode</c>).</summary>
public enum ModelFileAccess
{
    /// <summary>llama.cpp decides.</summary>
    Auto = -1,

    /// <summary>Read into memory.</summary>
    Read = 0,

    /// <summary>Mapped: pages are loaded as they are used, and shared between processes.</summary>
    MemoryMap = 1,

    /// <summary>Mapped and locked: never swapped out.</summary>
    MemoryMapLocked = 3,
}
