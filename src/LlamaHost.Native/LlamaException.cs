namespace LlamaHost.Native;

/// <summary>llama.cpp refused or failed.</summary>
/// <param name="message">What was tried.</param>
/// <param name="log">Warnings and errors that llama.cpp logged meanwhile, oldest first.</param>
public sealed class LlamaException(string message, IReadOnlyList<string> log)
    : Exception(log.Count == 0 ? message : $"{message}: {string.Join("; ", log)}")
{
    /// <summary>Warnings and errors that llama.cpp logged meanwhile, oldest first: its API gives reasons nowhere else.</summary>
    public IReadOnlyList<string> Log { get; } = log;
}
