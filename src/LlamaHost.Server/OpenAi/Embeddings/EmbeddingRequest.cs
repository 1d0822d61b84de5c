using LlamaHost.Server.OpenAi.Completions;

namespace LlamaHost.Server.OpenAi.Embeddings;

/// <summary>
/// The body of <c>POST /v1/embeddings</c> as sent: every value in its range, the default where it was left out or null.
/// <see cref="EmbeddingParameters"/> says what each means.
/// </summary>
internal sealed class EmbeddingRequest
{
    public string? Model { get; set; }

    public IReadOnlyList<PromptSource> Inputs { get; set; } = [];

    public bool IsBase64 { get; set; }

    public int? Dimensions { get; set; }
}
