using System.Runtime.InteropServices;
using LlamaHost.Native.Interop;

namespace LlamaHost.Native.Loading;

/// <summary>
/// Loads the libraries and binds the imports to them, once in a process. They stay loaded, also when they are refused: ggml can't be unloaded
/// safely (it hooks C++'s terminate handler), and a second copy from another folder would be mixed up with the first, by the names of its
/// dependencies.
/// </summary>
internal static class NativeLibraries
{
    /// <summary>Binds the imports to the folder's libraries, or does nothing if they are bound to it already.</summary>
    /// <exception cref="NativeLibraryException">They can't be loaded, are another version, or others are loaded already.</exception>
    public static void Bind(string folder)
    {
        string baseFile = NativeFolder.File(folder, LibGgml.BaseName);
        string ggmlFile = NativeFolder.File(folder, LibGgml.Name);
        string llamaFile = NativeFolder.File(folder, LibLlama.Name);
        RefuseSecondFolder(baseFile);
        // Dependencies first, by full path: the loader then finds them by name whatever search path the libraries were built with.
        nint ggmlBase = Load(baseFile);
        nint ggml = Load(ggmlFile);
        nint llama = Load(llamaFile);
        AbiCheck.VerifyVersion(llama, folder);
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, (library, _, _) => library switch
            {
                LibLlama.Name => llama,
                LibGgml.Name => ggml,
                LibGgml.BaseName => ggmlBase,
                _ => 0,
            });
        }
        catch (InvalidOperationException)
        {
            // Bound before, and to the same files.
        }
    }

    /// <exception cref="NativeLibraryException">The file can't be loaded.</exception>
    internal static nint Load(string file)
    {
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw new NativeLibraryException($"The library {file} can't be loaded: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }

    private static void RefuseSecondFolder(string file)
    {
        string real = LoadedFiles.RealPath(file);
        if (LoadedFiles.Named("libggml-base.").FirstOrDefault(loaded => loaded != real) is { } other)
            throw new NativeLibraryException(
                $"This process has loaded llama.cpp from {Path.GetDirectoryName(other)} already; it can't load another from "
                    + $"{Path.GetDirectoryName(real)}.");
    }
}
