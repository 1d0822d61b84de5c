using System.Runtime.InteropServices;

namespace LlamaHost.Native.Loading;

/// <summary>Finds the llama.cpp libraries.</summary>
internal static class NativeFolder
{
    /// <summary>Environment variable that names a folder with one's own build.</summary>
    public const string Variable = "LLAMAHOST_NATIVE";

    /// <summary>The configured folder, else that of the environment, else <c>native</c> next to the program.</summary>
    /// <exception cref="NativeLibraryException">It does not exist.</exception>
    public static string Resolve(string? configured)
    {
        (string folder, string origin) = (configured, Environment.GetEnvironmentVariable(Variable)) switch
        {
            ({ Length: > 0 } path, _) => (path, "as configured"),
            (_, { Length: > 0 } path) => (path, $"named by {Variable}"),
            _ => (Path.Combine(AppContext.BaseDirectory, "native"), "next to the program"),
        };
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Directory.Exists(folder)
            ? folder
            : throw new NativeLibraryException($"The folder of the llama.cpp libraries ({origin}) does not exist: {folder}. " +
                $"Build the program again, or set {Variable} to a folder with a llama.cpp v{AbiCheck.ExpectedVersion} build.");
    }

    /// <summary>
    /// File of one library: <c>libllama.so</c> of a usual build, or with a version in its name (<c>libllama.v0.5.0.so</c>,
    /// <c>libllama.cuda.v0.5.0.so</c>, <c>libllama.so.0</c>).
    /// </summary>
    /// <exception cref="NativeLibraryException">There is none.</exception>
    public static string File(string folder, string library)
    {
        (string prefix, string suffix) =
            RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? ("", ".dll") :
            RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? ("lib", ".dylib") : ("lib", ".so");
        string plain = Path.Combine(folder, prefix + library + suffix);
        if (System.IO.File.Exists(plain))
            return plain;
        string[] versioned =
            [.. Directory.GetFiles(folder, $"{prefix}{library}.*{suffix}"), .. Directory.GetFiles(folder, $"{prefix}{library}{suffix}.*")];
        return versioned.Order(StringComparer.Ordinal).FirstOrDefault()
            ?? throw new NativeLibraryException($"The folder {folder} has no {prefix}{library}{suffix}. It must hold the shared "
                + "libraries of a llama.cpp " +
                $"v{AbiCheck.ExpectedVersion} build (libllama, libggml, libggml-base and the backends).");
    }
}
