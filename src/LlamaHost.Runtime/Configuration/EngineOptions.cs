using LlamaHost.Engine.Requests;

namespace LlamaHost.Runtime.Configuration;

/// <summary>
/// How models are loaded and talked to, as far as configuration says: at the top for all models, and again for each. What is
/// <see langword="null"/> in both places is as <see cref="EngineSettings"/> has it.
/// </summary>
public abstract class EngineOptions
{
    /// <inheritdoc cref="EngineSettings.ContextLength"/>
    public int? ContextLength { get; set; }

    /// <inheritdoc cref="EngineSettings.KvCells"/>
    public int? KvCells { get; set; }

    /// <inheritdoc cref="EngineSettings.PromptCacheMiB"/>
    public int? PromptCacheMiB { get; set; }

    /// <inheritdoc cref="EngineSettings.MaxSequences"/>
    public int? MaxSequences { get; set; }

    /// <inheritdoc cref="EngineSettings.BatchTokens"/>
    public int? BatchTokens { get; set; }

    /// <inheritdoc cref="EngineSettings.InterTokenMilliseconds"/>
    public int? InterTokenMilliseconds { get; set; }

    /// <inheritdoc cref="EngineSettings.Threads"/>
    public int? Threads { get; set; }

    /// <inheritdoc cref="EngineSettings.KvCacheTypeK"/>
    public KvCacheType? KvCacheTypeK { get; set; }

    /// <inheritdoc cref="EngineSettings.KvCacheTypeV"/>
    public KvCacheType? KvCacheTypeV { get; set; }

    /// <inheritdoc cref="EngineSettings.FlashAttention"/>
    public FlashAttention? FlashAttention { get; set; }

    /// <summary><c>auto</c>, <c>all</c> or a number. <inheritdoc cref="OffloadSettings.GpuLayers"/></summary>
    public string? GpuLayers { get; set; }

    /// <inheritdoc cref="OffloadSettings.AllowCpuFallback"/>
    public bool? AllowCpuFallback { get; set; }

    /// <summary>Names with commas between them. <inheritdoc cref="OffloadSettings.Devices"/></summary>
    public string? Devices { get; set; }

    /// <inheritdoc cref="OffloadSettings.SplitMode"/>
    public SplitMode? SplitMode { get; set; }

    /// <inheritdoc cref="OffloadSettings.MainGpu"/>
    public int? MainGpu { get; set; }

    /// <summary>Numbers with commas between them. <inheritdoc cref="OffloadSettings.TensorSplit"/></summary>
    public string? TensorSplit { get; set; }

    /// <inheritdoc cref="OffloadSettings.OffloadKv"/>
    public bool? OffloadKv { get; set; }

    /// <inheritdoc cref="OffloadSettings.GpuMemoryMarginMiB"/>
    public int? GpuMemoryMarginMiB { get; set; }

    /// <summary>
    /// Environment variables of the worker's process besides those of the host's, such as <c>CUDA_VISIBLE_DEVICES</c>. A model's own come on top of
    /// those for all models.
    /// </summary>
    public IDictionary<string, string> WorkerEnvironment { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <inheritdoc cref="EngineSettings.Speculation"/>
    public SpeculationMode? Speculation { get; set; }

    /// <inheritdoc cref="EngineSettings.EmbeddingPooling"/>
    public EmbeddingPooling? EmbeddingPooling { get; set; }

    /// <summary>
    /// The chat template instead of the model's own: Jinja text, or the name of one that comes with the program. <see langword="null"/>: the model's.
    /// </summary>
    public string? ChatTemplate { get; set; }

    /// <summary>A file with the chat template, instead of <see cref="ChatTemplate"/>. A relative path is below the content root.</summary>
    public string? ChatTemplateFile { get; set; }
}
