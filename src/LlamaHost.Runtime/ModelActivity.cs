using LlamaHost.Engine.Requests;

namespace LlamaHost.Runtime;

/// <summary>What a model that has been asked for is doing.</summary>
/// <param name="Id">The model's id.</param>
/// <param name="OpenSequences">Sequences that were admitted and have not ended.</param>
/// <param name="Tokens">Tokens since the host started.</param>
/// <param name="Load">What its worker said last, about every second while it computes; <see langword="null"/>: nothing yet.</param>
public sealed record ModelActivity(string Id, int OpenSequences, TokenCounts Tokens, EngineLoad? Load)
{
    /// <summary>On which devices it is; <see langword="null"/>: it is not loaded, or that is unknown.</summary>
    public ModelPlacement? Placement { get; init; }
}

/// <summary>How many tokens there were.</summary>
/// <param name="Prompt">Of the prompts of sequences that have ended.</param>
/// <param name="Cached">Of these, those that needn't be computed for their sequence.</param>
/// <param name="Generated">New ones.</param>
public readonly record struct TokenCounts(long Prompt, long Cached, long Generated)
{
    /// <summary>These and what a step brought for a sequence.</summary>
    internal TokenCounts Add(SequenceEvent step) => new(
        Prompt + (step.Finish?.Usage.PromptTokens ?? 0), Cached + (step.Finish?.Usage.CachedTokens ?? 0), Generated + step.Tokens.Count);
}
