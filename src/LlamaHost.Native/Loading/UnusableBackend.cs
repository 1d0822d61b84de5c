namespace LlamaHost.Native;

/// <summary>A backend for GPUs that is there, but of no use on this machine.</summary>
/// <param name="Library">Its file, relative to the folder of the libraries, such as <c>libggml-cuda.so</c>.</param>
/// <param name="Reason">What is missing, in the loader's or the driver's words with an explanation: no sentence, to stand after a colon.</param>
public sealed record UnusableBackend(string Library, string Reason);
