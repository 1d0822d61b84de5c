using System.Runtime.InteropServices;

namespace LlamaHost.Native.Interop;

/// <summary>Imports of <c>llama.h</c>: models, their metadata, quantisation.</summary>
internal static unsafe partial class LibLlama
{
    [LibraryImport(Name)]
    public static partial llama_model_params llama_model_default_params();

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial LlamaModelHandle llama_model_load_from_file(string path, llama_model_params parameters);

    [LibraryImport(Name)]
    public static partial void llama_model_free(nint model);

    // Owned by the model.
    [LibraryImport(Name)]
    public static partial nint llama_model_get_vocab(LlamaModelHandle model);

    [LibraryImport(Name)]
    public static partial int llama_model_n_ctx_train(LlamaModelHandle model);

    [LibraryImport(Name)]
    public static partial int llama_model_n_embd(LlamaModelHandle model);

    [LibraryImport(Name)]
    public static partial int llama_model_n_embd_out(LlamaModelHandle model);

    [LibraryImport(Name)]
    public static partial int llama_model_n_layer(LlamaModelHandle model);

    [LibraryImport(Name)]
    public static partial int llama_model_n_swa(LlamaModelHandle model);

    // Members of the C++ class, by their names in the library: the C interface does not tell where layers are.
    [LibraryImport(Name, EntryPoint = "_ZNK11llama_model9dev_layerEi")]
    public static partial nint llama_model_dev_layer(LlamaModelHandle model, int layer);

    [LibraryImport(Name, EntryPoint = "_ZNK11llama_model10dev_outputEv")]
    public static partial nint llama_model_dev_output(LlamaModelHandle model);

    [LibraryImport(Name)]
    public static partial int llama_model_meta_count(LlamaModelHandle model);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int llama_model_meta_val_str(LlamaModelHandle model, string key, byte* buffer, nuint size);

    [LibraryImport(Name)]
    public static partial int llama_model_meta_key_by_index(LlamaModelHandle model, int index, byte* buffer, nuint size);

    [LibraryImport(Name)]
    public static partial int llama_model_meta_val_str_by_index(LlamaModelHandle model, int index, byte* buffer, nuint size);

    [LibraryImport(Name)]
    public static partial int llama_model_desc(LlamaModelHandle model, byte* buffer, nuint size);

    [LibraryImport(Name)]
    public static partial ulong llama_model_size(LlamaModelHandle model);

    [LibraryImport(Name)]
    public static partial ulong llama_model_n_params(LlamaModelHandle model);

    [LibraryImport(Name)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_model_has_encoder(LlamaModelHandle model);

    [LibraryImport(Name)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_model_has_decoder(LlamaModelHandle model);

    [LibraryImport(Name)]
    public static partial int llama_model_decoder_start_token(LlamaModelHandle model);

    [LibraryImport(Name)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_model_is_recurrent(LlamaModelHandle model);

    [LibraryImport(Name)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_model_is_hybrid(LlamaModelHandle model);

    [LibraryImport(Name)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_model_is_diffusion(LlamaModelHandle model);

    [LibraryImport(Name)]
    public static partial llama_model_quantize_params llama_model_quantize_default_params();

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint llama_model_quantize(string source, string target, in llama_model_quantize_params parameters);
}
