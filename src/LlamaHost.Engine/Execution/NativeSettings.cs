using LlamaHost.Engine.Requests;
using LlamaHost.Native;

namespace LlamaHost.Engine.Execution;

/// <summary>Settings in the binding's terms.</summary>
internal static class NativeSettings
{
    /// <summary>The element type.</summary>
    public static GgmlType ToNative(this KvCacheType type) => type switch
    {
        KvCacheType.F32 => GgmlType.F32,
        KvCacheType.F16 => GgmlType.F16,
        KvCacheType.BF16 => GgmlType.BF16,
        KvCacheType.Q8_0 => GgmlType.Q8_0,
        KvCacheType.Q4_0 => GgmlType.Q4_0,
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Whether the fused kernel is used; <see langword="null"/>: llama.cpp decides.</summary>
    public static bool? ToNative(this FlashAttention attention) => attention switch
    {
        FlashAttention.On => true,
        FlashAttention.Off => false,
        _ => null,
    };
}
