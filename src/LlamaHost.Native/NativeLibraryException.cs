namespace LlamaHost.Native;

/// <summary>The llama.cpp libraries are missing, can't be loaded, or are not the version that this binding was written for.</summary>
/// <param name="message">What is wrong and what to do about it.</param>
/// <param name="inner">What the system's loader said.</param>
public sealed class NativeLibraryException(string message, Exception? inner = null) : Exception(message, inner);
