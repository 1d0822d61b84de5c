using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlamaHost.Native.Contexts;
using LlamaHost.Native.Interop;
using LlamaHost.Native.Loading;

namespace LlamaHost.Native;

/// <summary>
/// A model's state for a number of sequences. Used by one thread at a time; only <see cref="RequestAbort"/> may be called from any thread.
/// </summary>
public sealed unsafe class LlamaContext : IDisposable
{
    private readonly LlamaContextHandle _handle;
    private readonly AbortFlag _abort;
    private readonly int _maxThreads;
    private readonly ComputeThreads _threads;

    /// <summary>Makes a context with an empty memory.</summary>
    /// <exception cref="LlamaException">It can't be made; the log says why.</exception>
    public LlamaContext(LlamaModel model, LlamaContextOptions options)
    {
        Model = model;
        _maxThreads = options.Threads;
        _abort = new AbortFlag();
        using ComplaintLog complaints = model.Runtime.ListenForComplaints();
        _handle = LibLlama.llama_init_from_model(model.Handle, Parameters(options, _abort));
        if (_handle.IsInvalid)
        {
            _handle.Dispose();
            throw new LlamaException("The context can't be made", complaints.Lines);
        }
        _handle.DependOn(model.Handle);
        _threads = new ComputeThreads(_handle);
        Memory = new LlamaMemory(_handle, MaxSequences);
        State = new LlamaSequenceState(_handle, MaxSequences);
    }

    /// <summary>The model.</summary>
    public LlamaModel Model { get; }

    /// <summary>Its KV cache.</summary>
    public LlamaMemory Memory { get; }

    /// <summary>Saves and restores sequences.</summary>
    public LlamaSequenceState State { get; }

    /// <summary>KV cells that it really has.</summary>
    public int ContextLength => (int)LibLlama.llama_n_ctx(_handle);

    /// <summary>Most tokens of one sequence.</summary>
    public int SequenceLength => (int)LibLlama.llama_n_ctx_seq(_handle);

    /// <summary>Most tokens of one <see cref="Decode"/>.</summary>
    public int BatchTokens => (int)LibLlama.llama_n_batch(_handle);

    /// <summary>Most tokens computed at once.</summary>
    public int MicroBatchTokens => (int)LibLlama.llama_n_ubatch(_handle);

    /// <summary>Most sequences.</summary>
    public int MaxSequences => (int)LibLlama.llama_n_seq_max(_handle);

    /// <summary>How embeddings are pooled.</summary>
    public PoolingType Pooling => (PoolingType)LibLlama.llama_pooling_type(_handle);

    /// <summary>Threads that compute single tokens, and those that compute batches.</summary>
    public (int Decode, int Batch) Threads => (LibLlama.llama_n_threads(_handle), LibLlama.llama_n_threads_batch(_handle));

    /// <summary>Time and tokens since the last reset; zero unless measured.</summary>
    public LlamaPerformance Performance
    {
        get
        {
            llama_perf_context_data data = LibLlama.llama_perf_context(_handle);
            return new LlamaPerformance
            {
                LoadTime = TimeSpan.FromMilliseconds(data.t_load_ms),
                PrefillTime = TimeSpan.FromMilliseconds(data.t_p_eval_ms),
                DecodeTime = TimeSpan.FromMilliseconds(data.t_eval_ms),
                PrefillTokens = data.n_p_eval,
                DecodeTokens = data.n_eval,
                GraphsReused = data.n_reused,
            };
        }
    }

    /// <summary>
    /// The memory that model and context take, in bytes, on each device. Exact, also where nothing is allocated
    /// (<see cref="LlamaModelOptions.MeasureOnly"/>). <see langword="null"/>: this build of llama.cpp does not tell.
    /// </summary>
    public IReadOnlyList<DeviceMemoryUse>? MemoryUse() => MemoryBreakdown.Of(_handle);

    /// <summary>Computes the batch's tokens and adds them to the memory.</summary>
    /// <returns>
    /// <c>llama_decode</c>'s status. 0: done. 1: no free KV cells, the memory is as before. 2: aborted; complete micro-batches stay in the memory,
    /// the one that was running is taken out. −1: the batch was refused, the memory is as before. Less: failure, as after an abort.
    /// </returns>
    /// <exception cref="ArgumentException">The batch is empty or too large, or a token or sequence is out of range.</exception>
    public int Decode(LlamaBatch batch)
    {
        Check(batch);
        // Backends other than the CPU never ask.
        if (_abort.Consume())
            return 2;
        AttachThreads();
        int status = LibLlama.llama_decode(_handle, batch.ToNative());
        GC.KeepAlive(batch);
        if (status == 0)
            _threads.Trim();
        if (status == 2)
            _abort.Consume();
        return status;
    }

    /// <summary>Computes the batch's tokens without memory, or with an encoder-decoder model's encoder.</summary>
    /// <returns><c>llama_encode</c>'s status: 0, or negative for a failure.</returns>
    /// <exception cref="ArgumentException">The batch is empty or too large, or a token or sequence is out of range.</exception>
    public int Encode(LlamaBatch batch)
    {
        Check(batch);
        AttachThreads();
        int status = LibLlama.llama_encode(_handle, batch.ToNative());
        GC.KeepAlive(batch);
        return status;
    }

    /// <summary>
    /// Logits after the last batch's token at the index, one per token id; native memory, valid until the next <see cref="Decode"/> or disposal.
    /// The caller may overwrite them.
    /// </summary>
    /// <exception cref="ArgumentException">That token has no output.</exception>
    public Span<float> Logits(int batchIndex) =>
        Output(LibLlama.llama_get_logits_ith(_handle, FromStart(batchIndex)), Model.Vocabulary.Count, batchIndex, nameof(batchIndex));

    /// <summary>Embedding of the last batch's token at the index; valid until the next call that computes.</summary>
    /// <exception cref="ArgumentException">That token has no output, or the context no embeddings.</exception>
    public ReadOnlySpan<float> Embedding(int batchIndex) =>
        Output(
            LibLlama.llama_get_embeddings_ith(_handle, FromStart(batchIndex)), LibLlama.llama_model_n_embd_out(Model.Handle), batchIndex,
            nameof(batchIndex));

    /// <summary>Pooled embedding of a sequence; valid until the next call that computes.</summary>
    /// <exception cref="ArgumentException">The sequence was not in the last batch, or the context does not pool.</exception>
    public ReadOnlySpan<float> SequenceEmbedding(int sequence)
    {
        if (Pooling is PoolingType.None or PoolingType.Rank)
            throw new ArgumentException("The context does not pool embeddings.", nameof(sequence));
        return Output(
            LibLlama.llama_get_embeddings_seq(_handle, sequence), LibLlama.llama_model_n_embd_out(Model.Handle), sequence, nameof(sequence));
    }

    /// <summary>Sets how many threads compute single tokens, and how many compute batches. May change with every step.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1 or more than <see cref="LlamaContextOptions.Threads"/>.</exception>
    public void SetThreads(int decode, int batch)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(decode, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decode, _maxThreads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch, _maxThreads);
        LibLlama.llama_set_n_threads(_handle, decode, batch);
    }

    /// <summary>Makes the running or the next <see cref="Decode"/> return 2 soon. Callable from any thread, also after disposal.</summary>
    public void RequestAbort() => _abort.Raise();

    /// <summary>Waits until everything asked for is computed.</summary>
    public void Synchronize() => LibLlama.llama_synchronize(_handle);

    /// <summary>Sets the counters of <see cref="Performance"/> to zero.</summary>
    public void ResetPerformance() => LibLlama.llama_perf_context_reset(_handle);

    /// <summary>Frees it, and its threads.</summary>
    public void Dispose()
    {
        _handle.Dispose();
        _threads.Dispose();
    }

    private void AttachThreads() => _threads.Attach(Threads.Decode, Threads.Batch);

    private static llama_context_params Parameters(LlamaContextOptions options, AbortFlag abort)
    {
        llama_context_params parameters = LibLlama.llama_context_default_params();
        parameters.n_ctx = (uint)options.ContextLength;
        parameters.n_batch = (uint)options.BatchTokens;
        parameters.n_ubatch = (uint)options.MicroBatchTokens;
        parameters.n_seq_max = (uint)options.MaxSequences;
        // It keeps room for an output of every sequence, and asserts that this is no more than the most outputs, by default n_batch.
        parameters.n_outputs_max = (uint)Math.Max(options.BatchTokens, options.MaxSequences);
        parameters.n_threads = options.Threads;
        parameters.n_threads_batch = options.Threads;
        parameters.pooling_type = (int)options.Pooling;
        parameters.flash_attn_type = LlamaContextOptions.ToNative(options.FlashAttention);
        parameters.type_k = (int)options.KeyType;
        parameters.type_v = (int)options.ValueType;
        parameters.abort_callback = AbortFlag.Callback;
        parameters.abort_callback_data = abort.Address;
        parameters.embeddings = options.Embeddings;
        parameters.offload_kqv = options.OffloadKvCache;
        parameters.no_perf = !options.MeasurePerformance;
        parameters.kv_unified = options.UnifiedKvCache;
        return parameters;
    }

    // llama.cpp asserts some of these, which ends the process.
    private void Check(LlamaBatch batch)
    {
        if (batch.Count == 0 || batch.Count > BatchTokens)
            throw new ArgumentException($"The batch has {batch.Count} tokens; it must have 1 to {BatchTokens}.", nameof(batch));
        if (batch.Tokens.ContainsAnyExceptInRange(0, Model.Vocabulary.Count - 1))
            throw new ArgumentException($"The batch has a token id outside the vocabulary of {Model.Vocabulary.Count}.", nameof(batch));
        if (batch.Sequences.ContainsAnyExceptInRange(0, MaxSequences - 1))
            throw new ArgumentException($"The batch has a sequence id outside 0 to {MaxSequences - 1}.", nameof(batch));
        if (batch.Positions.ContainsAnyExceptInRange(0, int.MaxValue))
            throw new ArgumentException("The batch has a negative position.", nameof(batch));
    }

    // llama.cpp counts negative indices from the end.
    private static int FromStart(int batchIndex) => batchIndex >= 0 ? batchIndex : int.MaxValue;

    private static Span<float> Output(float* start, int length, int index, string name) => start is null
        ? throw new ArgumentException($"There is no such output: {index}.", name)
        : new Span<float>(start, length);

    /// <summary>A word of memory that native threads read: a callback into managed objects would cost more and could throw.</summary>
    private sealed class AbortFlag
    {
        // The context reads it until it is freed; the collector keeps it as long as the context's owner, which is longer.
        private readonly int[] _raised = GC.AllocateArray<int>(1, pinned: true);

        public static nint Callback => (nint)(delegate* unmanaged[Cdecl]<nint, byte>)&IsRaised;

        public nint Address => (nint)Unsafe.AsPointer(ref _raised[0]);

        public void Raise() => Volatile.Write(ref _raised[0], 1);

        public bool Consume() => Interlocked.Exchange(ref _raised[0], 0) != 0;

        [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
        private static byte IsRaised(nint flag) => Volatile.Read(ref *(int*)flag) != 0 ? (byte)1 : (byte)0;
    }
}
