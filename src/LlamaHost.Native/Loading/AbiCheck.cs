using System.Runtime.InteropServices;
using LlamaHost.Native.Interop;

namespace LlamaHost.Native.Loading;

/// <summary>
/// Proves that the loaded library is the one whose headers the structs were written from: its version, and known default values at the places
/// where the structs expect them. A wrong layout would otherwise show as a crash, or as a setting silently ignored.
/// </summary>
internal static unsafe class AbiCheck
{
    /// <summary>The version of <c>llama.h</c> that the structs follow.</summary>
    public const string ExpectedVersion = "0.5.0";

    /// <summary><c>GGML_TYPE_COUNT</c>: as a type in quantisation, "no choice made".</summary>
    public const int GgmlTypeCount = 43;

    /// <summary>Checks the version of a library before the imports are bound to it.</summary>
    /// <exception cref="NativeLibraryException">It is another version.</exception>
    public static void VerifyVersion(nint library, string folder)
    {
        if (!NativeLibrary.TryGetExport(library, "llama_version", out nint function))
            throw new NativeLibraryException(
                $"This program needs llama.cpp {ExpectedVersion}, but {folder} holds an older one that does not tell its version.");
        string version = Utf8.String(((delegate* unmanaged[Cdecl]<byte*>)function)());
        // Any build that is not told that it is a release calls itself 0.5.0-dev, the prebuilt ones too; the defaults must tell the rest.
        if (version is not (ExpectedVersion or ExpectedVersion + "-dev"))
            throw new NativeLibraryException($"This program needs llama.cpp {ExpectedVersion}, but {folder} holds version {version}.");
    }

    /// <summary>Checks the defaults of the library to which the imports are bound.</summary>
    /// <exception cref="NativeLibraryException">A value differs.</exception>
    public static void VerifyDefaults(string folder)
    {
        VerifyDefaults("llama_model_default_params", ModelDefaults(LibLlama.llama_model_default_params()), folder);
        VerifyDefaults("llama_context_default_params", ContextDefaults(LibLlama.llama_context_default_params()), folder);
        VerifyDefaults("llama_model_quantize_default_params", QuantizeDefaults(LibLlama.llama_model_quantize_default_params()), folder);
    }

    /// <exception cref="NativeLibraryException">A value differs.</exception>
    internal static void VerifyDefaults(string function, (string Field, double Actual, double Expected)[] values, string folder)
    {
        foreach ((string field, double actual, double expected) in values)
        {
            if (!actual.Equals(expected))
                throw new NativeLibraryException($"The llama.cpp library in {folder} calls itself {ExpectedVersion}, the version "
                    + "that this program needs, but " +
                    $"{function}().{field} is {actual} where {ExpectedVersion} has {expected}: it was built from other sources.");
        }
    }

    internal static (string Field, double Actual, double Expected)[] ModelDefaults(llama_model_params p) =>
    [
        (nameof(p.devices), p.devices, 0),
        (nameof(p.n_gpu_layers), p.n_gpu_layers, -1),
        (nameof(p.split_mode), p.split_mode, 1),
        (nameof(p.load_mode), p.load_mode, -1),
        (nameof(p.lazy_mode), p.lazy_mode, 1),
        (nameof(p.main_gpu), p.main_gpu, 0),
        (nameof(p.progress_callback), p.progress_callback, 0),
        (nameof(p.kv_overrides), p.kv_overrides, 0),
        (nameof(p.vocab_only), Bit(p.vocab_only), 0),
        (nameof(p.check_tensors), Bit(p.check_tensors), 0),
        (nameof(p.use_extra_bufts), Bit(p.use_extra_bufts), 1),
        (nameof(p.no_host), Bit(p.no_host), 0),
        (nameof(p.no_alloc), Bit(p.no_alloc), 0),
        (nameof(p.load_mtp), Bit(p.load_mtp), 0),
    ];

    internal static (string Field, double Actual, double Expected)[] ContextDefaults(llama_context_params p) =>
    [
        (nameof(p.n_ctx), p.n_ctx, 512),
        (nameof(p.n_batch), p.n_batch, 2048),
        (nameof(p.n_ubatch), p.n_ubatch, 512),
        (nameof(p.n_seq_max), p.n_seq_max, 1),
        (nameof(p.n_outputs_max_per_seq), p.n_outputs_max_per_seq, 1),
        (nameof(p.n_threads), p.n_threads, 4),
        (nameof(p.n_threads_batch), p.n_threads_batch, 4),
        (nameof(p.rope_scaling_type), p.rope_scaling_type, -1),
        (nameof(p.flash_attn_type), p.flash_attn_type, -1),
        (nameof(p.rope_freq_base), p.rope_freq_base, 0),
        (nameof(p.yarn_ext_factor), p.yarn_ext_factor, -1),
        (nameof(p.yarn_beta_slow), p.yarn_beta_slow, -1),
        (nameof(p.yarn_orig_ctx), p.yarn_orig_ctx, 0),
        (nameof(p.defrag_thold), p.defrag_thold, -1),
        (nameof(p.cb_eval), p.cb_eval, 0),
        (nameof(p.type_k), p.type_k, (int)GgmlType.F16),
        (nameof(p.type_v), p.type_v, (int)GgmlType.F16),
        (nameof(p.abort_callback), p.abort_callback, 0),
        (nameof(p.embeddings), Bit(p.embeddings), 0),
        (nameof(p.offload_kqv), Bit(p.offload_kqv), 1),
        (nameof(p.no_perf), Bit(p.no_perf), 1),
        (nameof(p.op_offload), Bit(p.op_offload), 1),
        (nameof(p.swa_full), Bit(p.swa_full), 1),
        (nameof(p.kv_unified), Bit(p.kv_unified), 0),
        (nameof(p.samplers), p.samplers, 0),
        (nameof(p.ctx_other), p.ctx_other, 0),
    ];

    internal static (string Field, double Actual, double Expected)[] QuantizeDefaults(llama_model_quantize_params p) =>
    [
        (nameof(p.nthread), p.nthread, 0),
        (nameof(p.output_tensor_type), p.output_tensor_type, GgmlTypeCount),
        (nameof(p.token_embedding_type), p.token_embedding_type, GgmlTypeCount),
        (nameof(p.quantize_output_tensor), Bit(p.quantize_output_tensor), 1),
        (nameof(p.only_copy), Bit(p.only_copy), 0),
        (nameof(p.imatrix), p.imatrix, 0),
        (nameof(p.prune_layers), p.prune_layers, 0),
    ];

    // Read as a byte: a bool of any other value would compare as neither true nor false.
    private static int Bit(bool value) => *(byte*)&value;
}
