using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlamaHost.Native.Interop;
using LlamaHost.Native.Loading;

namespace LlamaHost.Native;

/// <summary>Weights, vocabulary and metadata of a GGUF file. Thread-safe; contexts made from it may be used in parallel.</summary>
public sealed unsafe class LlamaModel : IDisposable
{
    private readonly LlamaModelHandle _handle;
    private readonly bool _hasLayers;

    private LlamaModel(LlamaRuntime runtime, LlamaModelHandle handle, bool hasLayers)
    {
        _hasLayers = hasLayers;
        Runtime = runtime;
        _handle = handle;
        Vocabulary = new LlamaVocabulary(handle);
        Metadata = new LlamaMetadata(handle);
    }

    /// <summary>The library that loaded it.</summary>
    public LlamaRuntime Runtime { get; }

    /// <summary>Its vocabulary.</summary>
    public LlamaVocabulary Vocabulary { get; }

    /// <summary>Its scalar GGUF metadata.</summary>
    public LlamaMetadata Metadata { get; }

    /// <summary>Size class and quantisation in one line (<c>llama_model_desc</c>).</summary>
    public string Description => Utf8.Read((buffer, size) => LibLlama.llama_model_desc(_handle, buffer, size)) ?? "";

    /// <summary>Context length it was trained with, in tokens.</summary>
    public int TrainedContextLength => LibLlama.llama_model_n_ctx_train(_handle);

    /// <summary>Width of the hidden state.</summary>
    public int EmbeddingLength => LibLlama.llama_model_n_embd(_handle);

    /// <summary>Width of what the last layer gives, which <see cref="LlamaContext.Embedding"/> has.</summary>
    public int EmbeddingOutputLength => LibLlama.llama_model_n_embd_out(_handle);

    /// <summary>Number of layers.</summary>
    public int LayerCount => LibLlama.llama_model_n_layer(_handle);

    /// <summary>Tokens of its sliding attention window; 0: it has none.</summary>
    public int SlidingWindow => LibLlama.llama_model_n_swa(_handle);

    /// <summary>Number of weights.</summary>
    public long ParameterCount => (long)LibLlama.llama_model_n_params(_handle);

    /// <summary>Bytes of all tensors.</summary>
    public long SizeBytes => (long)LibLlama.llama_model_size(_handle);

    /// <summary>Whether it has an encoder, to be run with <see cref="LlamaContext.Encode"/> before decoding.</summary>
    public bool HasEncoder => LibLlama.llama_model_has_encoder(_handle);

    /// <summary>Whether it has a decoder: it can generate.</summary>
    public bool HasDecoder => LibLlama.llama_model_has_decoder(_handle);

    /// <summary>Token that an encoder-decoder model's decoder starts from, or <see langword="null"/>.</summary>
    public int? DecoderStartToken => LibLlama.llama_model_decoder_start_token(_handle) is >= 0 and int token ? token : null;

    /// <summary>Whether its memory is, in part at least, a recurrent state, which can't be cut at a position.</summary>
    public bool IsRecurrent => LibLlama.llama_model_is_recurrent(_handle) || LibLlama.llama_model_is_hybrid(_handle);

    /// <summary>Whether it fills in a text at all positions at once instead of continuing it.</summary>
    public bool IsDiffusion => LibLlama.llama_model_is_diffusion(_handle);

    internal LlamaModelHandle Handle => _handle;

    /// <summary>Loads a GGUF file (of a split model: its first part).</summary>
    /// <param name="runtime">The library.</param>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Gets the loaded fraction, 0 to 1, on the calling thread.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    /// <exception cref="LlamaException">It can't be loaded; the log says why.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="ArgumentException">There is no such device, or there are more than llama.cpp can use.</exception>
    public static LlamaModel Load(
        LlamaRuntime runtime, string path, LlamaModelOptions options, Action<float>? progress, CancellationToken cancellationToken)
    {
        nint[]? devices = options.Devices is { } names ? DeviceList(names) : null;
        float[]? split = options.TensorSplit is { } parts ? SplitOf(parts) : null;
        var listener = new ProgressListener(progress, cancellationToken);
        GCHandle self = GCHandle.Alloc(listener);
        using ComplaintLog complaints = runtime.ListenForComplaints();
        try
        {
            llama_model_params parameters = LibLlama.llama_model_default_params();
            parameters.n_gpu_layers = options.GpuLayers;
            parameters.vocab_only = options.VocabularyOnly;
            parameters.check_tensors = options.CheckTensors;
            parameters.no_alloc = options.MeasureOnly;
            // Nothing may be mapped then: llama.cpp asserts it.
            parameters.load_mode = (int)(options.MeasureOnly ? ModelFileAccess.Read : options.FileAccess);
            parameters.progress_callback = (nint)(delegate* unmanaged[Cdecl]<float, nint, byte>)&OnProgress;
            parameters.progress_callback_user_data = GCHandle.ToIntPtr(self);
            LlamaModelHandle handle;
            fixed (nint* deviceList = devices)
            fixed (float* proportions = split)
            {
                parameters.devices = (nint)deviceList;
                parameters.tensor_split = (nint)proportions;
                handle = LibLlama.llama_model_load_from_file(path, parameters);
            }
            if (!handle.IsInvalid)
                return new LlamaModel(runtime, handle, hasLayers: !options.VocabularyOnly);
            handle.Dispose();
            listener.ThrowIfStopped();
            throw new LlamaException($"The model {Path.GetFileName(path)} can't be loaded", complaints.Lines);
        }
        finally
        {
            self.Free();
        }
    }

    /// <summary>Frees the weights, once the last context is disposed too.</summary>
    public void Dispose()
    {
        Vocabulary.Handle.Dispose();
        _handle.Dispose();
    }

    /// <summary>
    /// Names of the devices that hold the layers, first to last; the last is the output. <see langword="null"/>: it was loaded without them, or this
    /// build of llama.cpp does not tell.
    /// </summary>
    public IReadOnlyList<string>? LayerDevices()
    {
        if (!_hasLayers)
            return null;
        try
        {
            string[] devices = new string[LayerCount + 1];
            for (int layer = 0; layer < LayerCount; layer++)
                devices[layer] = Utf8.String(LibGgml.ggml_backend_dev_name(LibLlama.llama_model_dev_layer(_handle, layer)));
            devices[^1] = Utf8.String(LibGgml.ggml_backend_dev_name(LibLlama.llama_model_dev_output(_handle)));
            return devices;
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
    }

    private static nint[] DeviceList(IReadOnlyList<string> names)
    {
        nuint most = LibLlama.llama_max_devices();
        if ((nuint)names.Count > most)
            throw new ArgumentException($"{names.Count} devices are more than llama.cpp can use, which is {most}.", nameof(names));
        // The list ends with a null.
        nint[] devices = new nint[names.Count + 1];
        for (int i = 0; i < names.Count; i++)
        {
            devices[i] = LibGgml.ggml_backend_dev_by_name(names[i]);
            if (devices[i] == 0)
                throw new ArgumentException($"There is no device {names[i]}.", nameof(names));
        }
        return devices;
    }

    // llama.cpp copies that many, whatever the number of devices.
    private static float[] SplitOf(IReadOnlyList<float> parts)
    {
        float[] split = new float[LibLlama.llama_max_devices()];
        for (int i = 0; i < Math.Min(parts.Count, split.Length); i++)
            split[i] = parts[i];
        return split;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnProgress(float fraction, nint listener) =>
        ((ProgressListener)GCHandle.FromIntPtr(listener).Target!).Report(fraction) ? (byte)1 : (byte)0;

    private sealed class ProgressListener(Action<float>? progress, CancellationToken cancellationToken)
    {
        private Exception? _failure;

        /// <summary>Whether loading goes on. Never throws: there are native frames above.</summary>
        public bool Report(float fraction)
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Invoke(fraction);
                return true;
            }
            catch (Exception failure)
            {
                _failure = failure;
                return false;
            }
        }

        public void ThrowIfStopped()
        {
            if (_failure is not null)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }
    }
}
