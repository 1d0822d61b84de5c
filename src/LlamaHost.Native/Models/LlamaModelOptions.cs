namespace LlamaHost.Native;

/// <summary>How a model is loaded.</summary>
public sealed record LlamaModelOptions
{
    /// <summary>Layers kept on GPUs; negative: all.</summary>
    public int GpuLayers { get; init; }

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
