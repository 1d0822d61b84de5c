using System.Runtime.InteropServices;
using LlamaHost.Native.Interop;

namespace LlamaHost.Native.Loading;

/// <summary>Loads the libraries and binds the imports to them. A process loads them once; nothing can unload ggml's backends safely.</summary>
internal static class NativeLibraries
{
    /// <summary>Binds the imports to the folder's libraries, or does nothing if they are bound to it already.</summary>
    /// <exception cref="NativeLibraryException">They can't be loaded, or others are already.</exception>
    public static void Bind(string folder)
    {
        List<nint> loaded = [];
        try
        {
            // Dependencies first, by full path: the loader then finds them by name whatever search path the libraries were built with.
            nint ggmlBase = Load(folder, LibGgml.BaseName, loaded);
            nint ggml = Load(folder, LibGgml.Name, loaded);
            nint llama = Load(folder, LibLlama.Name, loaded);
            AbiCheck.VerifyVersion(llama, folder);
            if (!TryBind(llama, ggml, ggmlBase))
                VerifyBoundTo(folder);
        }
        catch (NativeLibraryException)
        {
            // Left loaded, they would be taken for the dependencies of the next folder's libraries, which have the same names.
            foreach (nint library in Enumerable.Reverse(loaded))
                NativeLibrary.Free(library);
            throw;
        }
    }

    // .NET takes one resolver per assembly; that of the first time stays.
    private static bool TryBind(nint llama, nint ggml, nint ggmlBase)
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, (library, _, _) => library switch
            {
                LibLlama.Name => llama,
                LibGgml.Name => ggml,
                LibGgml.BaseName => ggmlBase,
                _ => 0,
            });
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static unsafe void VerifyBoundTo(string folder)
    {
        string? bound = LoadedFiles.Containing((nint)LibLlama.llama_version());
        if (bound is not null && Path.GetDirectoryName(bound) is { } other && other != LoadedFiles.RealPath(folder))
            throw new NativeLibraryException($"This process has loaded llama.cpp from {other} already; it can't load another from {folder}.");
    }

    private static nint Load(string folder, string library, List<nint> loaded)
    {
        string file = NativeFolder.File(folder, library);
        try
        {
            nint handle = NativeLibrary.Load(file);
            loaded.Add(handle);
            return handle;
        }
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException)
        {
            throw new NativeLibraryException($"The library {file} can't be loaded: {error.Message.ReplaceLineEndings(" ")}", error);
        }
    }
}
