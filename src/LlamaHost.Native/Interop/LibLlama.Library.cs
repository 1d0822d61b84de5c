using System.Runtime.InteropServices;

namespace LlamaHost.Native.Interop;

/// <summary>Imports of <c>llama.h</c>: the library as a whole.</summary>
internal static unsafe partial class LibLlama
{
    public const string Name = "llama";

    [LibraryImport(Name)]
    public static partial byte* llama_version();

    [LibraryImport(Name)]
    public static partial void llama_backend_init();

    [LibraryImport(Name)]
    public static partial byte* llama_print_system_info();

    [LibraryImport(Name)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_supports_gpu_offload();

    [LibraryImport(Name)]
    public static partial nuint llama_max_parallel_sequences();

    [LibraryImport(Name)]
    public static partial nuint llama_max_devices();

    [LibraryImport(Name)]
    public static partial void llama_log_get(nint* callback, nint* userData);

    [LibraryImport(Name)]
    public static partial void llama_log_set(nint callback, nint userData);
}
