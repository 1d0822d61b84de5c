using LlamaHost.Server.Binding;
using LlamaHost.Server.OpenAi.Completions;

namespace LlamaHost.Server.OpenAi.Embeddings;

/// <summary>The fields of <c>POST /v1/embeddings</c>: one row each, read by binding, the API document and the documentation.</summary>
internal static class EmbeddingParameters
{
    /// <summary>Most texts of a request; OpenAI's own limit.</summary>
    public const int MostInputs = 2048;

    /// <summary>All of them.</summary>
    public static ParameterTable<EmbeddingRequest> Table { get; } = new(
    [
        Row("input", new PromptShape(MostInputs), (request, value) => request.Inputs = value,
            "What is embedded. The model's tokenizer adds its special tokens to a text; token ids are taken as they are.") with { IsRequired = true },
        Row("model", new TextShape(1, 256), (request, value) => request.Model = value,
            "Id of the model, as GET /v1/models lists them, or a placeholder that means the default one.") with { WhenLeftOut = "the default model" },
        Row("encoding_format", new ChoiceShape<bool>(("\"float\"", false), ("\"base64\"", true)), (request, value) => request.IsBase64 = value,
            "How vectors are written: as numbers, or as base64 of 32-bit floats, little-endian, which is shorter.") with { Default = "float" },
        Row("dimensions", new IntegerShape(1), (request, value) => request.Dimensions = value,
            "Keep so many first numbers of each vector, scaled to length 1 again: for models that were trained for it.") with
            { WhenLeftOut = "all" },
        Row("user", new TextShape(), (_, _) => { }, "Accepted, and not looked at.") with { WhenLeftOut = "none" },
    ]) { IgnoresUnknown = true };

    private static Parameter<EmbeddingRequest> Row<T>(string name, Shape<T> shape, Action<EmbeddingRequest, T> assign, string description) =>
        Parameter<EmbeddingRequest>.Of(name, shape, assign, description);
}
