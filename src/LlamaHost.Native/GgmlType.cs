namespace LlamaHost.Native;

/// <summary>Element types of tensors (<c>enum ggml_type</c>), as far as they can hold a KV cache.</summary>
public enum GgmlType
{
    /// <summary>32-bit floats.</summary>
    F32 = 0,

    /// <summary>16-bit floats.</summary>
    F16 = 1,

    /// <summary>4-bit blocks of 32.</summary>
    Q4_0 = 2,

    /// <summary>8-bit blocks of 32.</summary>
    Q8_0 = 8,

    /// <summary>16-bit brain floats.</summary>
    BF16 = 30,
}
