using LlamaHost.Native.Interop;

namespace LlamaHost.Native;

/// <summary>A model's GGUF metadata: scalar values as text (arrays are not there). Not usable after the model is disposed.</summary>
public sealed unsafe class LlamaMetadata
{
    private readonly LlamaModelHandle _model;

    internal LlamaMetadata(LlamaModelHandle model) => _model = model;

    /// <summary>Value of a key such as <c>general.architecture</c>, or <see langword="null"/>.</summary>
    public string? this[string key] => Utf8.Read((buffer, size) => LibLlama.llama_model_meta_val_str(_model, key, buffer, size));

    /// <summary>All keys and values.</summary>
    public IReadOnlyDictionary<string, string> ToDictionary()
    {
        int count = LibLlama.llama_model_meta_count(_model);
        Dictionary<string, string> all = new(count, StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            int index = i;
            string? key = Utf8.Read((buffer, size) => LibLlama.llama_model_meta_key_by_index(_model, index, buffer, size));
            string? value = Utf8.Read((buffer, size) => LibLlama.llama_model_meta_val_str_by_index(_model, index, buffer, size));
            if (key is not null && value is not null)
                all[key] = value;
        }
        return all;
    }
}
