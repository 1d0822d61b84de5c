using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Execution;

/// <summary>
/// The seam between the engine and whatever computes logits. All members but <see cref="Tokenizer"/> and <see cref="RequestAbort"/> are called
/// from the engine's one thread. A <em>slot</em> is llama.cpp's sequence id: 0 to <see cref="ModelDescription.MaxSequences"/> − 1.
/// </summary>
public interface IModelExecutor : IDisposable
{
    /// <summary>The loaded model.</summary>
    ModelDescription Model { get; }

    /// <summary>The model's vocabulary. Safe to use from any thread.</summary>
    ITokenizer Tokenizer { get; }

    /// <summary>Most tokens of one batch.</summary>
    int BatchTokens { get; }

    /// <summary>Threads that computed the last batch. 0: unknown.</summary>
    int LastThreads => 0;

    /// <summary>
    /// Computes every token of the batch. On <see cref="DecodeStatus.NoKvSlot"/> the cache is as before; on <see cref="DecodeStatus.Aborted"/>
    /// part of the batch may be in the cache, and the caller truncates the slots concerned.
    /// </summary>
    /// <exception cref="FatalDecodeException">The context is unusable.</exception>
    DecodeStatus Decode(Batch batch);

    /// <summary>
    /// Has the encoder of an encoder-decoder model read a text. Every slot decodes under it from now on; what is in the cache from before is of no
    /// use.
    /// </summary>
    /// <param name="tokens">1 to <see cref="ModelDescription.EncoderLength"/> token ids.</param>
    /// <exception cref="FatalDecodeException">The context is unusable.</exception>
    void Encode(ReadOnlySpan<int> tokens);

    /// <summary>
    /// Raw logits of the batch's token at <paramref name="batchIndex"/>, which was added with output; one per token id. Valid, and free to be
    /// overwritten by the caller, until the next <see cref="Decode"/>.
    /// </summary>
    Span<float> Logits(int batchIndex);

    /// <summary>Frees the slot's cells from <paramref name="fromPosition"/> on, unless other slots share them (<c>llama_memory_seq_rm</c>).</summary>
    void Truncate(int slot, int fromPosition);

    /// <summary>Lets <paramref name="target"/>, which is empty, share the source's first cells (<c>llama_memory_seq_cp</c>).</summary>
    void Fork(int source, int target, int length);

    /// <summary>
    /// Most tokens whose cells may be saved at the same time, as far as memory is granted for it. 0: this model's cells can't be saved, or shall not
    /// be.
    /// </summary>
    int SavableTokens { get; }

    /// <summary>
    /// Whether cells of sequences that a batch doesn't compute slow it down by more than it costs to copy them out: a processor's attention goes over
    /// all cells up to the last one in use.
    /// </summary>
    bool IdleCellsCost { get; }

    /// <summary>Copies the slot's cells of the positions from <paramref name="from"/> to before <paramref name="to"/> into the host's
    /// memory.</summary>
    ISavedCells Save(int slot, int from, int to);

    /// <summary>
    /// Appends saved cells to a slot that holds the tokens before them: those of the positions from <paramref name="from"/> to before
    /// <paramref name="to"/>,
    /// which are among those saved. Needs as many free cells as were saved.
    /// </summary>
    /// <exception cref="FatalDecodeException">There is no room for them.</exception>
    void Restore(ISavedCells cells, int slot, int from, int to);

    /// <summary>
    /// What computes hidden states for embeddings, beside the cache and the batches of everything else. Made at the first call, which takes a while
    /// and memory.
    /// </summary>
    /// <exception cref="ModelLoadException">It can't be made; the message says why. Another call tries again.</exception>
    IEmbeddingExecutor OpenEmbeddings();

    /// <summary>Makes the running or next <see cref="Decode"/> return <see cref="DecodeStatus.Aborted"/> soon. Callable from any thread.</summary>
    void RequestAbort();
}

/// <summary>Cells that <see cref="IModelExecutor.Save"/> copied out of the cache. Disposing frees their memory.</summary>
#pragma warning disable CA1040 // What it is made of is the executor's business.
public interface ISavedCells : IDisposable;
#pragma warning restore CA1040

/// <summary>What <see cref="IModelExecutor.Decode"/> came to.</summary>
public enum DecodeStatus
{
    /// <summary>Every token is computed.</summary>
    Success,

    /// <summary>Not enough free KV cells; nothing was computed.</summary>
    NoKvSlot,

    /// <summary>Stopped on request.</summary>
    Aborted,
}

/// <summary>The native context reported an error from which it can't recover.</summary>
public sealed class FatalDecodeException(string message) : Exception(message);
