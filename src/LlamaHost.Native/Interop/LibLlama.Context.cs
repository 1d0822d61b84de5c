using System.Runtime.InteropServices;
using LlamaHost.Native.Contexts;

namespace LlamaHost.Native.Interop;

/// <summary>Imports of <c>llama.h</c>: contexts, decoding, outputs.</summary>
internal static unsafe partial class LibLlama
{
    [LibraryImport(Name)]
    public static partial llama_context_params llama_context_default_params();

    [LibraryImport(Name)]
    public static partial LlamaContextHandle llama_init_from_model(LlamaModelHandle model, llama_context_params parameters);

    [LibraryImport(Name)]
    public static partial void llama_free(nint context);

    // A C++ function of llama-ext.h, by its name in the library. The caller owns the map's nodes.
    [LibraryImport(Name, EntryPoint = "_Z26llama_get_memory_breakdownPK13llama_context")]
    public static partial StdMap llama_get_memory_breakdown(LlamaContextHandle context);

    [LibraryImport(Name)]
    public static partial uint llama_n_ctx(LlamaContextHandle context);

    [LibraryImport(Name)]
    public static partial uint llama_n_ctx_seq(LlamaContextHandle context);

    [LibraryImport(Name)]
    public static partial uint llama_n_batch(LlamaContextHandle context);

    [LibraryImport(Name)]
    public static partial uint llama_n_ubatch(LlamaContextHandle context);

    [LibraryImport(Name)]
    public static partial uint llama_n_seq_max(LlamaContextHandle context);

    [LibraryImport(Name)]
    public static partial int llama_decode(LlamaContextHandle context, llama_batch batch);

    [LibraryImport(Name)]
    public static partial int llama_encode(LlamaContextHandle context, llama_batch batch);

    [LibraryImport(Name)]
    public static partial float* llama_get_logits_ith(LlamaContextHandle context, int index);

    [LibraryImport(Name)]
    public static partial float* llama_get_embeddings_ith(LlamaContextHandle context, int index);

    [LibraryImport(Name)]
    public static partial float* llama_get_embeddings_seq(LlamaContextHandle context, int sequence);

    [LibraryImport(Name)]
    public static partial void llama_attach_threadpool(LlamaContextHandle context, ThreadPoolHandle pool, ThreadPoolHandle batchPool);

    [LibraryImport(Name)]
    public static partial void llama_set_n_threads(LlamaContextHandle context, int threads, int batchThreads);

    [LibraryImport(Name)]
    public static partial int llama_n_threads(LlamaContextHandle context);

    [LibraryImport(Name)]
    public static partial int llama_n_threads_batch(LlamaContextHandle context);

    [LibraryImport(Name)]
    public static partial int llama_pooling_type(LlamaContextHandle context);

    [LibraryImport(Name)]
    public static partial void llama_set_embeddings(LlamaContextHandle context, [MarshalAs(UnmanagedType.U1)] bool embeddings);

    [LibraryImport(Name)]
    public static partial void llama_synchronize(LlamaContextHandle context);

    [LibraryImport(Name)]
    public static partial llama_perf_context_data llama_perf_context(LlamaContextHandle context);

    [LibraryImport(Name)]
    public static partial void llama_perf_context_reset(LlamaContextHandle context);
}
