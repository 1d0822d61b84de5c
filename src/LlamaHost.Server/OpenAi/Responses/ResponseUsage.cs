using LlamaHost.Server.Generations;

namespace LlamaHost.Server.OpenAi.Responses;

/// <summary>What a response cost.</summary>
public sealed record ResponseUsage
{
    /// <summary>Tokens of the prompt: instructions, tools and the whole conversation.</summary>
    public required int InputTokens { get; init; }

    /// <summary>More about the prompt's tokens.</summary>
    public required InputTokensDetails InputTokensDetails { get; init; }

    /// <summary>New tokens, thoughts, calls and the end token included.</summary>
    public required int OutputTokens { get; init; }

    /// <summary>More about the new tokens.</summary>
    public required OutputTokensDetails OutputTokensDetails { get; init; }

    /// <summary>Both together.</summary>
    public required int TotalTokens { get; init; }

    internal static ResponseUsage Of(GenerationUsage usage, int reasoningTokens) => new()
    {
        InputTokens = usage.PromptTokens,
        InputTokensDetails = new InputTokensDetails(usage.CachedTokens),
        OutputTokens = usage.GeneratedTokens,
        OutputTokensDetails = new OutputTokensDetails(reasoningTokens),
        TotalTokens = usage.PromptTokens + usage.GeneratedTokens,
    };
}

/// <summary>More about the prompt's tokens.</summary>
/// <param name="CachedTokens">Tokens that needn't be computed, because an earlier request had the same beginning.</param>
public sealed record InputTokensDetails(int CachedTokens);

/// <summary>More about the new tokens.</summary>
/// <param name="ReasoningTokens">Tokens of thoughts.</param>
public sealed record OutputTokensDetails(int ReasoningTokens);
