using LlamaHost.Server.Generations;

namespace LlamaHost.Server.OpenAi.Common;

/// <summary>What an answer cost.</summary>
public sealed record OpenAiUsage
{
    /// <summary>Tokens of all prompts; a prompt counts once, however many choices it has.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>New tokens of all sequences, end tokens included, also of those that <c>best_of</c> left out.</summary>
    public required int CompletionTokens { get; init; }

    /// <summary>Both together.</summary>
    public required int TotalTokens { get; init; }

    /// <summary>More about the prompts' tokens.</summary>
    public required PromptTokensDetails PromptTokensDetails { get; init; }

    internal static OpenAiUsage Of(GenerationUsage usage) => Of(usage.PromptTokens, usage.GeneratedTokens, usage.CachedTokens);

    internal static OpenAiUsage Of(int promptTokens, int completionTokens, int cachedTokens) => new()
    {
        PromptTokens = promptTokens,
        CompletionTokens = completionTokens,
        TotalTokens = promptTokens + completionTokens,
        PromptTokensDetails = new PromptTokensDetails(cachedTokens),
    };
}

/// <summary>More about the prompts' tokens.</summary>
/// <param name="CachedTokens">Tokens that needn't be computed, because an earlier request had the same beginning.</param>
public sealed record PromptTokensDetails(int CachedTokens);
