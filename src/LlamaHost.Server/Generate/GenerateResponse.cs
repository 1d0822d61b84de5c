using System.Text.Json.Nodes;
using LlamaHost.Server.Generations;

namespace LlamaHost.Server.Generate;

/// <summary>The answer to <c>POST /generate</c>. In a stream, the last event, which leaves out the sequences that were sent before.</summary>
public sealed record GenerateResponse : GenerateEvent
{
    /// <summary>Names this answer in the server's log.</summary>
    public required string Id { get; init; }

    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>When the request was admitted, in seconds since 1970 (Unix time).</summary>
    public required long Created { get; init; }

    /// <summary>The sequences of the first prompt, then those of the second, and so on.</summary>
    public IReadOnlyList<GeneratedSequence>? Sequences { get; init; }

    /// <summary>Token ids of each prompt, with <c>details</c>.</summary>
    public IReadOnlyList<IReadOnlyList<int>>? PromptTokenIds { get; init; }

    /// <summary>What it cost.</summary>
    public required GenerateUsage Usage { get; init; }

    /// <summary>The settings in effect, under their parameters' names.</summary>
    public required JsonObject Settings { get; init; }

    /// <summary>What the client should know about its request.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

/// <summary>What an answer cost.</summary>
public sealed record GenerateUsage
{
    /// <summary>Tokens of all prompts.</summary>
    public required int PromptTokens { get; init; }

    /// <summary>New tokens of all sequences, end tokens included.</summary>
    public required int GeneratedTokens { get; init; }

    /// <summary>Prompt tokens that needn't be computed, because an earlier request had the same beginning.</summary>
    public required int CachedTokens { get; init; }

    /// <summary>Tokens that were guessed and computed ahead of their choice, if there were any.</summary>
    public int? DraftedTokens { get; init; }

    /// <summary>Of these, those that were then chosen, each of which saved a step.</summary>
    public int? AcceptedTokens { get; init; }

    /// <summary>Longest time that a sequence waited for its turn, in milliseconds.</summary>
    public required double QueueMs { get; init; }

    /// <summary>Longest time from there to a sequence's first new token, in milliseconds.</summary>
    public required double PrefillMs { get; init; }

    /// <summary>Longest time from a sequence's first new token to its last, in milliseconds.</summary>
    public required double DecodeMs { get; init; }

    /// <summary>New tokens of all sequences per second of prefill and decoding.</summary>
    public required double TokensPerSecond { get; init; }

    internal static GenerateUsage Of(GenerationUsage usage) => new()
    {
        PromptTokens = usage.PromptTokens,
        GeneratedTokens = usage.GeneratedTokens,
        CachedTokens = usage.CachedTokens,
        DraftedTokens = usage.DraftedTokens > 0 ? usage.DraftedTokens : null,
        AcceptedTokens = usage.DraftedTokens > 0 ? usage.AcceptedTokens : null,
        QueueMs = Milliseconds(usage.Queue),
        PrefillMs = Milliseconds(usage.Prefill),
        DecodeMs = Milliseconds(usage.Decode),
        TokensPerSecond = usage.TokensPerSecond,
    };

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
