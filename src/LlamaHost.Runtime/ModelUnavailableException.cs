namespace LlamaHost.Runtime;

/// <summary>The request is sound, but can't be served now.</summary>
/// <param name="code">
/// Stable, machine-readable: <c>queue_full</c>, <c>shutting_down</c>, <c>model_loading</c>, <c>model_failed</c>, <c>worker_lost</c>.
/// </param>
/// <param name="message">One sentence with the reason.</param>
/// <param name="isOverload">The client should slow down (429) rather than wait for repair (503).</param>
/// <param name="retryAfter">When another try makes sense.</param>
public sealed class ModelUnavailableException(string code, string message, bool isOverload, TimeSpan retryAfter) : Exception(message)
{
    /// <summary>Stable, machine-readable code.</summary>
    public string Code { get; } = code;

    /// <summary>Too many requests rather than a fault.</summary>
    public bool IsOverload { get; } = isOverload;

    /// <summary>When another try makes sense.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
