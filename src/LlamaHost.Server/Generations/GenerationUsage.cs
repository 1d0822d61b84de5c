using LlamaHost.Engine.Requests;

namespace LlamaHost.Server.Generations;

/// <summary>What the generations of one request cost together.</summary>
internal sealed record GenerationUsage
{
    /// <summary>Number of prompts.</summary>
    public required int Prompts { get; init; }

    /// <summary>Sequences of all prompts.</summary>
    public required int Sequences { get; init; }

    /// <summary>Tokens of all prompts; each counts once, however many sequences it has.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>New tokens of all sequences, end tokens included.</summary>
    public required int GeneratedTokens { get; init; }

    /// <summary>Prompt tokens that needn't be computed, because an earlier request had the same beginning.</summary>
    public required int CachedTokens { get; init; }

    /// <summary>Tokens that were guessed and computed ahead of their choice.</summary>
    public required int DraftedTokens { get; init; }

    /// <summary>Of these, those that were then chosen.</summary>
    public required int AcceptedTokens { get; init; }

    /// <summary>Longest time that a sequence waited for its turn.</summary>
    public required TimeSpan Queue { get; init; }

    /// <summary>Longest time from there to a sequence's first new token.</summary>
    public required TimeSpan Prefill { get; init; }

    /// <summary>Longest time from a sequence's first new token to its last.</summary>
    public required TimeSpan Decode { get; init; }

    /// <summary>New tokens of all sequences per second of prefill and decoding.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Adds up what the sequences cost.</summary>
    /// <param name="promptTokens">Tokens of all prompts.</param>
    /// <param name="generatedTokens">New tokens of all sequences.</param>
    /// <param name="prompts">Of each prompt, what its sequences cost.</param>
    public static GenerationUsage Of(int promptTokens, int generatedTokens, IReadOnlyList<IReadOnlyList<SequenceUsage>> prompts)
    {
        SequenceUsage[] all = [.. prompts.SelectMany(prompt => prompt)];
        TimeSpan busy = all.Max(usage => usage.Prefill + usage.Decode);
        return new GenerationUsage
        {
            Prompts = prompts.Count,
            Sequences = all.Length,
            PromptTokens = promptTokens,
            GeneratedTokens = generatedTokens,
            // Siblings share the prompt that the first of them computes; only what that one found counts as cached.
            CachedTokens = prompts.Sum(prompt => prompt.Min(usage => usage.CachedTokens)),
            DraftedTokens = all.Sum(usage => usage.DraftedTokens),
            AcceptedTokens = all.Sum(usage => usage.AcceptedTokens),
            Queue = all.Max(usage => usage.Queue),
            Prefill = all.Max(usage => usage.Prefill),
            Decode = all.Max(usage => usage.Decode),
            TokensPerSecond = busy > TimeSpan.Zero ? Math.Round(generatedTokens / busy.TotalSeconds, 2) : 0,
        };
    }
}
