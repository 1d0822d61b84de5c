namespace LlamaHost.Runtime.Configuration;

/// <summary>One configured model.</summary>
public sealed class ModelOptions : EngineOptions
{
    /// <summary>The id that clients use. <see langword="null"/>: the file's name without <c>.gguf</c>.</summary>
    public string? Id { get; set; }

    /// <summary>The GGUF file (of a split model: its first part). A relative path is below the content root.</summary>
    public string Path { get; set; } = "";

    /// <summary>
    /// Start its worker with the host. <see langword="null"/>: only if it is the default model and <see cref="RuntimeOptions.LoadAtStart"/> is set.
    /// </summary>
    public bool? LoadAtStart { get; set; }
}
