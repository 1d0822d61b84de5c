using System.Runtime.InteropServices;

namespace LlamaHost.Native.Interop;

/// <summary>Imports of <c>llama.h</c>: a context's memory (KV cache) and its saved state. A memory is owned by its context.</summary>
internal static unsafe partial class LibLlama
{
    [LibraryImport(Name)]
    public static partial nint llama_get_memory(LlamaContextHandle context);

    [LibraryImport(Name)]
    public static partial void llama_memory_clear(nint memory, [MarshalAs(UnmanagedType.U1)] bool data);

    [LibraryImport(Name)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_memory_seq_rm(nint memory, int sequence, int from, int to);

    [LibraryImport(Name)]
    public static partial void llama_memory_seq_cp(nint memory, int source, int target, int from, int to);

    [LibraryImport(Name)]
    public static partial void llama_memory_seq_keep(nint memory, int sequence);

    [LibraryImport(Name)]
    public static partial void llama_memory_seq_add(nint memory, int sequence, int from, int to, int delta);

    [LibraryImport(Name)]
    public static partial int llama_memory_seq_pos_min(nint memory, int sequence);

    [LibraryImport(Name)]
    public static partial int llama_memory_seq_pos_max(nint memory, int sequence);

    [LibraryImport(Name)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_memory_can_shift(nint memory);

    [LibraryImport(Name)]
    public static partial nuint llama_state_seq_get_size(LlamaContextHandle context, int sequence);

    [LibraryImport(Name)]
    public static partial nuint llama_state_seq_get_data(LlamaContextHandle context, byte* target, nuint size, int sequence);

    [LibraryImport(Name)]
    public static partial nuint llama_state_seq_set_data(LlamaContextHandle context, byte* source, nuint size, int sequence);
}
