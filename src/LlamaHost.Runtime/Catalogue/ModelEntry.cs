using System.Collections.ObjectModel;

namespace LlamaHost.Runtime.Catalogue;

/// <summary>A model that can be served, as known without loading it.</summary>
public sealed record ModelEntry
{
    /// <summary>The id that clients use: from configuration, or the file's name without <c>.gguf</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Full path of the GGUF file.</summary>
    public required string Path { get; init; }

    /// <summary>Size of the file in bytes; 0 if it does not exist.</summary>
    public required long FileSize { get; init; }

    /// <summary>When the file was last written; the epoch if it does not exist.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Architecture from the header, such as <c>llama</c>; <see langword="null"/> if the header can't be read.</summary>
    public string? Architecture { get; init; }

    /// <summary>The model's own name from the header.</summary>
    public string? Name { get; init; }

    /// <summary>Quantisation from the header, such as <c>Q4_1</c>.</summary>
    public string? Quantization { get; init; }

    /// <summary>Context length that the model was trained with.</summary>
    public int? TrainedContextLength { get; init; }

    /// <summary>Number of weights.</summary>
    public long? ParameterCount { get; init; }

    /// <summary>The model's chat template from the header, Jinja text.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Further chat templates of the header by name, such as <c>tool_use</c>.</summary>
    public IReadOnlyDictionary<string, string> NamedChatTemplates { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>What the configuration wants instead of the model's chat templates: Jinja text, or a template's name.</summary>
    public string? ConfiguredChatTemplate { get; init; }

    /// <summary>Full path of a file with such a template, if the configuration names one.</summary>
    public string? ChatTemplateFile { get; init; }

    /// <summary>Why the header can't be read, if it can't.</summary>
    public string? HeaderError { get; init; }
}
