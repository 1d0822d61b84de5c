using LlamaHost.Native.Interop;
using LlamaHost.Native.Loading;

namespace LlamaHost.Native;

/// <summary>Writes a GGUF file again with smaller weights.</summary>
public static class LlamaQuantizer
{
    /// <summary>Quantises a file (<c>llama_model_quantize</c>). Takes minutes for a large model, and can't be stopped.</summary>
    /// <param name="runtime">The library.</param>
    /// <param name="source">GGUF file to read.</param>
    /// <param name="target">File to write; replaced if it exists.</param>
    /// <param name="options">How.</param>
    /// <exception cref="LlamaException">It failed; the log says why.</exception>
    public static void Quantize(LlamaRuntime runtime, string source, string target, LlamaQuantizeOptions options)
    {
        using ComplaintLog complaints = runtime.ListenForComplaints();
        llama_model_quantize_params parameters = LibLlama.llama_model_quantize_default_params();
        parameters.nthread = options.Threads;
        parameters.ftype = (int)options.FileType;
        parameters.allow_requantize = options.AllowRequantize;
        parameters.quantize_output_tensor = options.QuantizeOutput;
        parameters.pure = options.Pure;
        if (LibLlama.llama_model_quantize(source, target, in parameters) != 0)
            throw new LlamaException($"The model {Path.GetFileName(source)} can't be quantised", complaints.Lines);
    }
}

/// <summary>How a file is quantised.</summary>
public sealed record LlamaQuantizeOptions
{
    /// <summary>Type of most weights.</summary>
    public required LlamaFileType FileType { get; init; }

    /// <summary>Threads; 0: the machine's cores.</summary>
    public int Threads { get; init; }

    /// <summary>Take weights that are quantised already, with a loss.</summary>
    public bool AllowRequantize { get; init; }

    /// <summary>Quantise the output head too.</summary>
    public bool QuantizeOutput { get; init; } = true;

    /// <summary>The same type for all weights, without exceptions for sensitive ones.</summary>
    public bool Pure { get; init; }
}

/// <summary>Types of a file's weights (<c>enum llama_ftype</c>).</summary>
public enum LlamaFileType
{
    /// <summary>32-bit floats.</summary>
    F32 = 0,

    /// <summary>16-bit floats.</summary>
    F16 = 1,

    /// <summary>4-bit blocks.</summary>
    Q4_0 = 2,

    /// <summary>4-bit blocks with a minimum.</summary>
    Q4_1 = 3,

    /// <summary>8-bit blocks.</summary>
    Q8_0 = 7,

    /// <summary>5-bit blocks.</summary>
    Q5_0 = 8,

    /// <summary>5-bit blocks with a minimum.</summary>
    Q5_1 = 9,

    /// <summary>2-bit superblocks.</summary>
    Q2_K = 10,

    /// <summary>3-bit superblocks, small.</summary>
    Q3_K_S = 11,

    /// <summary>3-bit superblocks, medium.</summary>
    Q3_K_M = 12,

    /// <summary>3-bit superblocks, large.</summary>
    Q3_K_L = 13,

    /// <summary>4-bit superblocks, small.</summary>
    Q4_K_S = 14,

    /// <summary>4-bit superblocks, medium.</summary>
    Q4_K_M = 15,

    /// <summary>5-bit superblocks, small.</summary>
    Q5_K_S = 16,

    /// <summary>5-bit superblocks, medium.</summary>
    Q5_K_M = 17,

    /// <summary>6-bit superblocks.</summary>
    Q6_K = 18,

    /// <summary>16-bit brain floats.</summary>
    BF16 = 32,
}
