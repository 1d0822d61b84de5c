using System.Globalization;
using LlamaHost.Bench.Serving;

namespace LlamaHost.Bench.Servers;

/// <summary>A server's program and how it is started.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Path">The executable.</param>
/// <param name="Dialect">How it is spoken to.</param>
/// <param name="Arguments">Its arguments for a port.</param>
internal sealed record ServerProgram(string Name, string Path, IDialect Dialect, Func<int, string[]> Arguments)
{
    /// <summary>This project's server, as it is published.</summary>
    /// <param name="path">The executable.</param>
    /// <param name="named"><c>NAME=ARGUMENTS</c>.</param>
    /// <param name="model">GGUF file.</param>
    /// <param name="threads">Threads that compute; 0 leaves them to the server.</param>
    public static ServerProgram LlamaHost(string path, string named, string model, int threads)
    {
        (string name, string[] more) = Split(named);
        string file = System.IO.Path.GetFullPath(model);
        string[] fixedThreads = threads > 0 ? ["--LlamaHost:Threads", Text(threads)] : [];
        return new ServerProgram(name, System.IO.Path.GetFullPath(path), new LlamaHostDialect(), port =>
        [
            "--urls", $"http://127.0.0.1:{port}", "--LlamaHost:ModelsFolder", System.IO.Path.GetDirectoryName(file)!,
            "--LlamaHost:DefaultModel", System.IO.Path.GetFileNameWithoutExtension(file), .. fixedThreads, .. more,
        ]);
    }

    /// <summary>llama.cpp's server.</summary>
    /// <inheritdoc cref="LlamaHost"/>
    public static ServerProgram LlamaServer(string path, string named, string model, int threads)
    {
        (string name, string[] more) = Split(named);
        string[] fixedThreads = threads > 0 ? ["-t", Text(threads)] : [];
        return new ServerProgram(name, System.IO.Path.GetFullPath(path), new LlamaServerDialect(), port =>
            ["--host", "127.0.0.1", "--port", Text(port), "-m", System.IO.Path.GetFullPath(model), .. fixedThreads, .. more]);
    }

    private static (string Name, string[] Arguments) Split(string named)
    {
        string[] parts = named.Split('=', 2);
        return (parts[0], parts.Length == 1 ? [] : parts[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
