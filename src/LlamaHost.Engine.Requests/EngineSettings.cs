namespace LlamaHost.Engine.Requests;

/// <summary>How a model is loaded and its engine runs.</summary>
public sealed record EngineSettings
{
    /// <summary>Path of the GGUF file (of a split model: its first part).</summary>
    public required string ModelPath { get; init; }

    /// <summary>Most tokens of one sequence. 0: the model's trained context, at most 8,192.</summary>
    public int ContextLength { get; init; }

    /// <summary>KV cells shared by all sequences. 0: as <see cref="ContextLength"/>. Smaller means more preemption, never wrong results.</summary>
    public int KvCells { get; init; }

    /// <summary>
    /// Host memory, in MiB, for the KV of earlier prompts and conversations: it is copied back when a request begins the same way, instead of being
    /// computed again. On a CPU they leave the cache for it at once, on a GPU when the cache has no room. 0: none.
    /// </summary>
    public int PromptCacheMiB { get; init; } = 512;

    /// <summary>Most sequences computed at the same time, 1–256 (llama.cpp's <c>LLAMA_MAX_SEQ</c>).</summary>
    public int MaxSequences { get; init; } = 64;

    /// <summary>Most tokens of one step (llama.cpp: <c>n_batch</c> and <c>n_ubatch</c>): the budget that decodes and prompt chunks share.</summary>
    public int BatchTokens { get; init; } = 512;

    /// <summary>
    /// Longest step, in milliseconds, in which prompts are computed beside running sequences: prompts are cut into chunks that keep it, so that
    /// tokens of running
    /// streams don't come late. 0: 75 ms, or 2.5 times what the running sequences need alone if that is more.
    /// </summary>
    public int InterTokenMilliseconds { get; init; }

    /// <summary>
    /// Threads that compute. 0: as many as are fastest now, at most one for each physical core that the process may use; with layers on a GPU, one
    /// for each.
    /// </summary>
    public int Threads { get; init; }

    /// <summary>Element type of the KV cache's keys.</summary>
    public KvCacheType KvCacheTypeK { get; init; } = KvCacheType.F16;

    /// <summary>Element type of the KV cache's values. Quantised values need flash attention.</summary>
    public KvCacheType KvCacheTypeV { get; init; } = KvCacheType.F16;

    /// <summary>Whether attention is computed by the fused kernel.</summary>
    public FlashAttention FlashAttention { get; init; } = FlashAttention.Auto;

    /// <summary>Which parts go to which GPUs.</summary>
    public OffloadSettings Offload { get; init; } = new();

    /// <summary>Whether tokens are guessed and verified several at once, for requests that don't say. Changes speed alone, not the tokens.</summary>
    public SpeculationMode Speculation { get; init; }

    /// <summary>How the hidden states of a text's tokens become its embedding.</summary>
    public EmbeddingPooling EmbeddingPooling { get; init; }

    /// <summary>Folder with the llama.cpp libraries, or <see langword="null"/> for those that came with the program.</summary>
    public string? NativeFolder { get; init; }
}

/// <summary>Element type of a KV cache.</summary>
public enum KvCacheType
{
    /// <summary>32-bit floats: exact, twice the memory of F16.</summary>
    F32,

    /// <summary>16-bit floats.</summary>
    F16,

    /// <summary>16-bit brain floats.</summary>
    BF16,

    /// <summary>8-bit blocks.</summary>
    Q8_0,

    /// <summary>4-bit blocks.</summary>
    Q4_0,
}

/// <summary>Guessing of tokens that are verified several at once.</summary>
public enum SpeculationMode
{
    /// <summary>Where a request asks for it.</summary>
    Off,

    /// <summary>From each sequence's own text, as long as it pays.</summary>
    PromptLookup,
}

/// <summary>Use of the fused attention kernel.</summary>
public enum FlashAttention
{
    /// <summary>llama.cpp decides.</summary>
    Auto,

    /// <summary>Always.</summary>
    On,

    /// <summary>Never.</summary>
    Off,
}
