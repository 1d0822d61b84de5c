namespace LlamaHost.Native;

/// <summary>A device that ggml computes on.</summary>
public sealed record BackendDevice
{
    /// <summary>Name such as <c>CPU</c> or <c>CUDA0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The hardware's name.</summary>
    public required string Description { get; init; }

    /// <summary>What kind it is.</summary>
    public required BackendDeviceType Type { get; init; }

    /// <summary>Bytes of memory that were free when asked.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>Bytes of memory.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>File name of the library that drives it, such as <c>libggml-cpu-zen4.so</c>, where the system tells.</summary>
    public required string? Library { get; init; }

    /// <summary>Whether it is a GPU, with its own memory or not.</summary>
    public bool IsGpu => Type is BackendDeviceType.Gpu or BackendDeviceType.IntegratedGpu;

    /// <summary>Whether that is its name; as in llama.cpp, case does not count.</summary>
    public bool IsNamed(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Kind of a device (<c>enum ggml_backend_dev_type</c>).</summary>
public enum BackendDeviceType
{
    /// <summary>The CPU with the system's memory.</summary>
    Cpu = 0,

    /// <summary>A GPU with its own memory.</summary>
    Gpu = 1,

    /// <summary>A GPU that shares the system's memory.</summary>
    IntegratedGpu = 2,

    /// <summary>Works together with the CPU backend (BLAS, AMX).</summary>
    Accelerator = 3,

    /// <summary>Several devices as one.</summary>
    Meta = 4,
}
