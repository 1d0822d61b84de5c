using LlamaHost.Engine.Requests;

namespace LlamaHost.Server.Generate.Rules;

/// <summary>Prompt lookup, which changes the speed alone.</summary>
internal static class LookupRule
{
    /// <summary>The engine's usual limit. Hugging Face's is 2, which finds worse places; the tokens are the same.</summary>
    public static int UsualMatchingNgramSize { get; } = new PromptLookupSettings().MaxMatchingNgramSize;

    /// <summary>How tokens are guessed, or <see langword="null"/>: as the model's settings say.</summary>
    /// <param name="request">The request.</param>
    /// <param name="warnings">Gets what the client should know about parameters without effect.</param>
    public static PromptLookupSettings? Resolve(GenerateRequest request, ICollection<string> warnings)
    {
        if (request.PromptLookupNumTokens is { } most)
            return new PromptLookupSettings { MaxTokens = most, MaxMatchingNgramSize = request.MaxMatchingNgramSize ?? UsualMatchingNgramSize };
        if (request.MaxMatchingNgramSize is not null)
            warnings.Add("max_matching_ngram_size had no effect without prompt_lookup_num_tokens.");
        return null;
    }
}
