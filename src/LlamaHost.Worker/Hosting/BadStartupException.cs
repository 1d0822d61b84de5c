namespace LlamaHost.Worker.Hosting;

/// <summary>The worker can't start as it was told to.</summary>
internal sealed class BadStartupException(string message, Exception? inner = null) : Exception(message, inner);
