using LlamaHost.Engine.Requests;

namespace LlamaHost.Runtime.Scoring;

/// <summary>A prompt and continuations of it, whose tokens' log-probabilities are wanted. The prompt is computed once for all of them.</summary>
public sealed record ScoringRequest
{
    /// <summary>Token ids of the prompt, special tokens included. At least one.</summary>
    public required IReadOnlyList<int> PromptTokens { get; init; }

    /// <summary>
    /// Encoder-decoder models: token ids of the text that the encoder reads; the prompt is then what the decoder starts from. Else empty.
    /// </summary>
    public IReadOnlyList<int> EncoderTokens { get; init; } = [];

    /// <summary>
    /// Token ids of each continuation. At least one continuation, none of them empty without <see cref="TopLogProbs"/>; each fits into the context
    /// with the prompt.
    /// </summary>
    public required IReadOnlyList<IReadOnlyList<int>> Continuations { get; init; }

    /// <summary>How many of the most likely tokens are wanted at each position. 0 to <see cref="GenerationRequest.MaxLogProbs"/>.</summary>
    public int TopLogProbs { get; init; }

    /// <inheritdoc cref="GenerationRequest.Priority"/>
    public int Priority { get; init; }

    /// <inheritdoc cref="GenerationRequest.CacheSalt"/>
    public string CacheSalt { get; init; } = "";

    internal GenerationRequest ToGeneration(string id) => new()
    {
        Id = id,
        PromptTokens = PromptTokens,
        EncoderTokens = EncoderTokens,
        Continuations = Continuations,
        SequenceCount = Continuations.Count,
        LogProbs = TopLogProbs,
        Priority = Priority,
        CacheSalt = CacheSalt,
    };
}
