namespace LlamaHost.Server.Generate.Prompts;

/// <summary>What of a request only the model's tokenizer can make.</summary>
internal sealed record TokenizedRequest
{
    /// <summary>The prompts, in order.</summary>
    public required IReadOnlyList<TokenizedPrompt> Prompts { get; init; }

    /// <summary>The ways in which the <c>bad_words</c> may be written in tokens.</summary>
    public IReadOnlyList<IReadOnlyList<int>> BadWords { get; init; } = [];

    /// <summary>The <c>dry_sequence_breakers</c>.</summary>
    public IReadOnlyList<IReadOnlyList<int>> DryBreakers { get; init; } = [];

    /// <summary>The <c>negative_prompt</c>; empty if there is none.</summary>
    public IReadOnlyList<int> NegativePrompt { get; init; } = [];
}

/// <summary>A prompt as text and as tokens.</summary>
/// <param name="Text">What the full text begins with.</param>
/// <param name="Tokens">Its ids, special tokens included.</param>
internal sealed record TokenizedPrompt(string Text, IReadOnlyList<int> Tokens)
{
    /// <summary>Tokens of each of the request's <c>choices</c>: with the prompt before it, or, if an encoder reads the prompt, on its own.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Choices { get; init; } = [];
}
