namespace LlamaHost.Runtime.Configuration;

/// <summary>Which models there are, how they are loaded, and how much work is accepted.</summary>
public sealed class RuntimeOptions : EngineOptions
{
    /// <summary>The configuration section that holds these options.</summary>
    public const string SectionName = "LlamaHost";

    /// <summary>Every GGUF model of this folder can be served. A relative path is below the content root. The folder may be missing.</summary>
    public string ModelsFolder { get; set; } = "models";

    /// <summary>
    /// Id of the model that serves requests that name none. <see langword="null"/>: the first configured one, else the folder's first by name.
    /// </summary>
    public string? DefaultModel { get; set; }

    /// <summary>Models outside the folder, or with settings of their own.</summary>
    public IList<ModelOptions> Models { get; } = [];

    /// <summary>Start the default model's worker with the host rather than at its first use.</summary>
    public bool LoadAtStart { get; set; } = true;

    /// <summary>A worker that is not ready after this time is ended, and the model counts as failed.</summary>
    public TimeSpan LoadTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a request waits for its model to be loaded before it is turned away. Zero: not at all.</summary>
    public TimeSpan LoadWait { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Most open sequences per model, computed and queued together; 1 or more. Beyond it requests are turned away.</summary>
    public int MaxOpenSequences { get; set; } = 512;

    /// <summary>
    /// A generation is given up when this many workers died while they computed it, or could not load the model one after the other; 1 or more.
    /// 1: no replay.
    /// </summary>
    public int MaxWorkerLosses { get; set; } = 3;

    /// <summary>
    /// Folder with the llama.cpp libraries. <see langword="null"/>: those that came with the program. A relative path is below the content root.
    /// </summary>
    public string? NativeFolder { get; set; }

    /// <summary>
    /// The worker's program, an executable or a <c>.dll</c>. <see langword="null"/>: <c>LlamaHost.Worker</c> in the folder <c>worker</c> beside
    /// this program. A relative path is below the content root.
    /// </summary>
    public string? WorkerPath { get; set; }
}
