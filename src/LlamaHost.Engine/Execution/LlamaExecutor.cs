using LlamaHost.Engine.Execution.Threads;
using LlamaHost.Engine.Requests;
using LlamaHost.Native;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Engine.Execution;

/// <summary>Computes logits with llama.cpp: one model, one context whose KV cells all sequences share.</summary>
public sealed class LlamaExecutor : IModelExecutor
{
    private readonly LlamaRuntime _runtime;
    private readonly LlamaModel _model;
    private readonly LlamaContext _context;
    private readonly LlamaBatch _batch;
    private readonly AdaptiveThreads? _adaptiveThreads;
    private readonly Func<LlamaEmbeddingExecutor> _openEmbeddings;
    private volatile LlamaEmbeddingExecutor? _embeddings;

    internal LlamaExecutor(
        LlamaRuntime runtime, LlamaModel model, LlamaContext context, ModelDescription description, int savableTokens,
        AdaptiveThreads? adaptiveThreads, Func<LlamaEmbeddingExecutor> openEmbeddings)
    {
        _openEmbeddings = openEmbeddings;
        _runtime = runtime;
        _model = model;
        _context = context;
        _batch = new LlamaBatch(context.BatchTokens);
        _adaptiveThreads = adaptiveThreads;
        Model = description;
        SavableTokens = savableTokens;
        Tokenizer = new LlamaTokenizer(model);
    }

    /// <inheritdoc/>
    public ModelDescription Model { get; }

    /// <inheritdoc/>
    public ITokenizer Tokenizer { get; }

    /// <inheritdoc/>
    public int BatchTokens => _batch.Capacity;

    /// <inheritdoc/>
    public int LastThreads => _batch.Count == 1 ? Threads.Decode : Threads.Batch;

    /// <summary>
    /// Threads that computed the last single token, and the last batch of several. They change from step to step unless
    /// <see cref="EngineSettings.Threads"/> is set.
    /// </summary>
    public (int Decode, int Batch) Threads => _context.Threads;

    /// <summary>Loads a model and makes its context. Blocks for as long as that takes.</summary>
    /// <param name="settings">Which model, and how.</param>
    /// <param name="progress">Gets the loaded fraction, 0 to 1, on the calling thread.</param>
    /// <param name="loggers">Gets llama.cpp's log.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    /// <exception cref="ModelLoadException">It can't be loaded or served; the code and the message say why.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LlamaExecutor Load(EngineSettings settings, Action<float> progress, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        LlamaLoader.Load(settings, progress, loggers, TimeProvider.System, cancellationToken);

    /// <inheritdoc/>
    public DecodeStatus Decode(Batch batch)
    {
        // The context has one sequence more than there are slots.
        if (batch.Slots.ContainsAnyExceptInRange(0, Model.MaxSequences - 1))
            throw new ArgumentException($"The batch has a slot outside 0 to {Model.MaxSequences - 1}.", nameof(batch));
        _batch.Set(batch.Tokens, batch.Positions, batch.Slots, batch.Outputs);
        // llama_decode's statuses; what each leaves in the cache is said where the binding declares it.
        int status = _adaptiveThreads?.Decode(_batch) ?? _context.Decode(_batch);
        return status switch
        {
            0 => DecodeStatus.Success,
            1 => DecodeStatus.NoKvSlot,
            2 => DecodeStatus.Aborted,
            -1 => throw new FatalDecodeException("llama.cpp refused the batch as inconsistent with its KV cache (llama_decode: -1)."),
            < -1 => throw new FatalDecodeException($"llama.cpp failed to compute the batch (llama_decode: {status})."),
            _ => throw new FatalDecodeException($"llama.cpp answered with a status that this version does not have (llama_decode: {status})."),
        };
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<int> tokens)
    {
        _batch.Clear();
        for (int i = 0; i < tokens.Length; i++)
            _batch.AddForFirst(tokens[i], position: i, Model.MaxSequences);
        int status = _context.Encode(_batch);
        if (status != 0)
            throw new FatalDecodeException($"llama.cpp failed to encode the text (llama_encode: {status}).");
    }

    /// <inheritdoc/>
    public Span<float> Logits(int batchIndex) => _context.Logits(batchIndex);

    /// <inheritdoc/>
    public void Truncate(int slot, int fromPosition)
    {
        if (!_context.Memory.Remove(slot, fromPosition))
            throw new FatalDecodeException($"llama.cpp could not cut sequence {slot} at position {fromPosition}.");
    }

    /// <inheritdoc/>
    public void Fork(int source, int target, int length) => _context.Memory.Copy(source, target, 0, length);

    /// <inheritdoc/>
    public int SavableTokens { get; }

    // A GPU is quick with them, and copies cross its bus.
    /// <inheritdoc/>
    public bool IdleCellsCost => Model.Placement is not { GpuLayers: > 0 };

    // llama.cpp saves and loads whole sequences only: a part passes through a sequence that no slot uses.
    private int Passage => Model.MaxSequences;

    /// <inheritdoc/>
    public ISavedCells Save(int slot, int from, int to)
    {
        _context.Memory.Copy(slot, Passage, from, to);
        var saved = new SavedCells(_context.State.Save(Passage));
        _context.Memory.Remove(Passage);
        return saved;
    }

    /// <inheritdoc/>
    public void Restore(ISavedCells cells, int slot, int from, int to)
    {
        if (!_context.State.Load(Passage, ((SavedCells)cells).State))
            throw new FatalDecodeException($"llama.cpp could not restore cells {from} to {to} of sequence {slot}.");
        _context.Memory.Copy(Passage, slot, from, to);
        _context.Memory.Remove(Passage);
    }

    /// <inheritdoc/>
    public IEmbeddingExecutor OpenEmbeddings() => _embeddings ??= _openEmbeddings();

    /// <inheritdoc/>
    public void RequestAbort()
    {
        _context.RequestAbort();
        _embeddings?.RequestAbort();
    }

    /// <summary>Frees contexts and model.</summary>
    public void Dispose()
    {
        _embeddings?.Dispose();
        _context.Dispose();
        _model.Dispose();
        _runtime.Dispose();
    }

    private sealed class SavedCells(LlamaSavedState state) : ISavedCells
    {
        public LlamaSavedState State => state;

        public void Dispose() => state.Dispose();
    }
}
