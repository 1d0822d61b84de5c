namespace LlamaHost.Engine.Requests;

/// <summary>The embeddings that a model makes: one vector of length 1 (L2) for each text.</summary>
public sealed record EmbeddingDescription
{
    /// <summary>Numbers of a vector.</summary>
    public required int Length { get; init; }

    /// <summary>How the hidden states of a text's tokens become its vector; never <see cref="EmbeddingPooling.Auto"/>.</summary>
    public required EmbeddingPooling Pooling { get; init; }

    /// <summary>Most tokens of a text, those that the tokenizer adds included.</summary>
    public required int MaxTokens { get; init; }
}

/// <summary>How the hidden states of a text's tokens become one vector (llama.cpp's <c>enum llama_pooling_type</c>).</summary>
public enum EmbeddingPooling
{
    /// <summary>
    /// As the model's <c>pooling_type</c> says; where it says nothing, <see cref="Mean"/>, which is also sentence-transformers' choice for a model
    /// that comes without a pooling.
    /// </summary>
    Auto,

    /// <summary>The mean of all tokens.</summary>
    Mean,

    /// <summary>The first token, which BERT's tokenizers add for the purpose.</summary>
    Cls,

    /// <summary>The last token: of a causal model the only one that has seen the whole text.</summary>
    Last,
}
