namespace LlamaHost.Native;

/// <summary>A context's counters (<c>llama_perf_context</c>).</summary>
public sealed record LlamaPerformance
{
    /// <summary>Time to load the model.</summary>
    public required TimeSpan LoadTime { get; init; }

    /// <summary>Time in batches of several tokens.</summary>
    public required TimeSpan PrefillTime { get; init; }

    /// <summary>Time in batches of one token.</summary>
    public required TimeSpan DecodeTime { get; init; }

    /// <summary>Tokens of batches of several.</summary>
    public required int PrefillTokens { get; init; }

    /// <summary>Tokens of batches of one.</summary>
    public required int DecodeTokens { get; init; }

    /// <summary>Times that a compute graph was used again.</summary>
    public required int GraphsReused { get; init; }
}
