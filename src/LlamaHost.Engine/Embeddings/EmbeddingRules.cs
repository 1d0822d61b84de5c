using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Embeddings;

/// <summary>What texts must fulfil to be embedded: the last line before native code, which aborts the process on a wrong token id.</summary>
internal static class EmbeddingRules
{
    /// <exception cref="InvalidRequestException">The first rule that does not hold.</exception>
    public static void Check(IReadOnlyList<IReadOnlyList<int>> texts, ModelDescription model)
    {
        if (model.Embedding is not { } embedding)
            throw new InvalidRequestException("unsupported_by_model", "model", "The model makes no embeddings.");
        if (texts.Count == 0)
            throw new InvalidRequestException("empty_prompt", "input", "There is no text.");
        foreach (IReadOnlyList<int> tokens in texts)
        {
            if (tokens.Count == 0)
                throw new InvalidRequestException("empty_prompt", "input", "A text has no tokens.");
            if (tokens.Count > embedding.MaxTokens)
                throw new InvalidRequestException(
                    "context_length_exceeded", "input", $"A text has {tokens.Count} tokens; the model reads {embedding.MaxTokens} of one.");
            foreach (int token in tokens)
            {
                if (token < 0 || token >= model.VocabularySize)
                    throw new InvalidRequestException(
                        "invalid_token_id", "input", $"{token} is not a token id: the vocabulary has ids 0 to {model.VocabularySize - 1}.");
            }
        }
    }
}
