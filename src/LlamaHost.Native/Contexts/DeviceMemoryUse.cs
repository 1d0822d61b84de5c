namespace LlamaHost.Native;

/// <summary>What a model and a context of it take of a device's memory, in bytes.</summary>
public sealed record DeviceMemoryUse
{
    /// <summary>The name that stands for the system's memory.</summary>
    public const string Host = "CPU";

    /// <summary>Name of the device, or <see cref="Host"/>.</summary>
    public required string Device { get; init; }

    /// <summary>Weights.</summary>
    public long WeightBytes { get; init; }

    /// <summary>KV cache.</summary>
    public long KvBytes { get; init; }

    /// <summary>Buffers for the results of a batch's layers.</summary>
    public long ComputeBytes { get; init; }

    /// <summary>All of it.</summary>
    public long TotalBytes => WeightBytes + KvBytes + ComputeBytes;
}
