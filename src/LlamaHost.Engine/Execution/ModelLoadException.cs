namespace LlamaHost.Engine.Execution;

/// <summary>A model could not be loaded.</summary>
/// <param name="code">
/// Stable, machine-readable: <c>model_not_found</c>, <c>model_invalid</c>, <c>model_unsupported</c>, <c>out_of_memory</c>, <c>gpu_unavailable</c>,
/// <c>native_library</c>.
/// </param>
/// <param name="message">One sentence with the reason, for the operator and for the client.</param>
public sealed class ModelLoadException(string code, string message) : Exception(message)
{
    /// <summary>Stable, machine-readable code.</summary>
    public string Code { get; } = code;
}
