namespace LlamaHost.Runtime;

/// <summary>The engine could not go on with a sequence.</summary>
/// <param name="message">One sentence with the reason.</param>
public sealed class GenerationFailedException(string message) : Exception(message);
