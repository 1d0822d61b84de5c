namespace LlamaHost.Bench.Serving;

/// <summary>One request of a load.</summary>
internal sealed record CompletionRequest
{
    public required int[] PromptTokens { get; init; }

    /// <summary>Tokens that each sequence must get, no fewer: end tokens are ignored.</summary>
    public required int NewTokens { get; init; }

    /// <summary>Continuations of the one prompt.</summary>
    public int Sequences { get; init; } = 1;

    public SamplingMode Sampling { get; init; }
}
