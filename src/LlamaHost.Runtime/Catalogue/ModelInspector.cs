using LlamaHost.Gguf;

namespace LlamaHost.Runtime.Catalogue;

/// <summary>Describes model files by their headers. A file that has not changed is not read again.</summary>
internal sealed class ModelInspector
{
    private readonly Dictionary<string, Inspected> _known = new(StringComparer.Ordinal);

    /// <summary>What is known of the model without loading it. What can't be read is said in <see cref="ModelEntry.HeaderError"/>.</summary>
    /// <param name="id">The id to give it.</param>
    /// <param name="path">Its file, or the first part of a split model.</param>
    /// <param name="isModel">False if the file is sound but holds something else than a model, such as an adapter.</param>
    public ModelEntry Describe(string id, string path, out bool isModel)
    {
        FileStamp stamp = FileStamp.Of(path);
        if (!_known.TryGetValue(path, out Inspected? known) || known.Stamp != stamp)
            _known[path] = known = Inspect(path, stamp);
        isModel = known.IsModel;
        return known.Entry with { Id = id };
    }

    private static Inspected Inspect(string path, FileStamp stamp)
    {
        var entry = new ModelEntry { Id = "", Path = path, FileSize = stamp.Size, Created = stamp.Written };
        try
        {
            GgufHeader header = GgufHeader.Read(path);
            long parameters = header.ParameterCount;
            foreach (string part in GgufFiles.PartsOf(path).Skip(1))
                parameters += GgufHeader.Read(part).ParameterCount;
            entry = entry with
            {
                Architecture = header.Architecture,
                Name = header.Name,
                Quantization = header.Quantization,
                TrainedContextLength = header.ContextLength,
                ParameterCount = parameters,
                ChatTemplate = header.ChatTemplate,
                NamedChatTemplates = header.NamedChatTemplates,
            };
            return new Inspected(stamp, entry, header.IsModel);
        }
        catch (InvalidGgufException invalid)
        {
            return new Inspected(stamp, entry with { HeaderError = $"The file {invalid.Message}." }, IsModel: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Inspected(stamp, entry with { HeaderError = failure.Message }, IsModel: true);
        }
    }

    private sealed record Inspected(FileStamp Stamp, ModelEntry Entry, bool IsModel);
}
