namespace LlamaHost.Native;

/// <summary>How a context is made. Defaults are llama.cpp's unless said otherwise.</summary>
public sealed record LlamaContextOptions
{
    /// <summary>KV cells; llama.cpp rounds up to a multiple of 256. 0: the model's trained context.</summary>
    public int ContextLength { get; init; }

    /// <summary>Most tokens of one <see cref="LlamaContext.Decode"/>.</summary>
    public int BatchTokens { get; init; } = 2048;

    /// <summary>Most tokens computed at once; larger batches are split.</summary>
    public int MicroBatchTokens { get; init; } = 512;

    /// <summary>Most sequences.</summary>
    public int MaxSequences { get; init; } = 1;

    /// <summary>Threads that compute, at least 1. <see cref="LlamaContext.SetThreads"/> can take fewer.</summary>
    public int Threads { get; init; } = 4;

    /// <summary>Element type of the keys.</summary>
    public GgmlType KeyType { get; init; } = GgmlType.F16;

    /// <summary>Element type of the values.</summary>
    public GgmlType ValueType { get; init; } = GgmlType.F16;

    /// <summary>Use of the fused attention kernel; <see langword="null"/>: llama.cpp decides.</summary>
    public bool? FlashAttention { get; init; }

    /// <summary>Keep the KV cache on the GPU.</summary>
    public bool OffloadKvCache { get; init; } = true;

    /// <summary>All sequences share all cells, instead of each having its part.</summary>
    public bool UnifiedKvCache { get; init; }

    /// <summary>Compute embeddings instead of logits alone.</summary>
    public bool Embeddings { get; init; }

    /// <summary>How the embeddings of a sequence's tokens become one.</summary>
    public PoolingType Pooling { get; init; } = PoolingType.Unspecified;

    /// <summary>Count time and tokens (<see cref="LlamaContext.Performance"/>).</summary>
    public bool MeasurePerformance { get; init; }

    /// <summary><c>enum llama_flash_attn_type</c>.</summary>
    internal static int ToNative(bool? flashAttention) => flashAttention switch { null => -1, false => 0, true => 1 };
}

/// <summary>How the embeddings of a sequence's tokens become one (<c>enum llama_pooling_type</c>).</summary>
public enum PoolingType
{
    /// <summary>As the model says.</summary>
    Unspecified = -1,

    /// <summary>Not at all: one embedding per token.</summary>
    None = 0,

    /// <summary>Their mean.</summary>
    Mean = 1,

    /// <summary>The first token's.</summary>
    First = 2,

    /// <summary>The last token's.</summary>
    Last = 3,

    /// <summary>A reranker's score.</summary>
    Rank = 4,
}
