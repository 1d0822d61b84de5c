namespace LlamaHost.Chat;

/// <summary>What rendering one conversation may use, so that no template can hold up or bring down the process.</summary>
public sealed record TemplateLimits
{
    /// <summary>Longest time, five seconds unless told otherwise.</summary>
    public TimeSpan MaxDuration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most statements and expressions that are executed.</summary>
    public long MaxSteps { get; init; } = 20_000_000;

    /// <summary>Most characters (and items of sequences) that are made on the way, intermediate values included; bounds the memory.</summary>
    public long MaxCharacters { get; init; } = 128 * 1024 * 1024;

    /// <summary>Most calls of macros within each other.</summary>
    public int MaxDepth { get; init; } = 100;
}
