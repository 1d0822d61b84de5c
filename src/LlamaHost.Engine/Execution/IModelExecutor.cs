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

    /// <summary>Makes the running or next <see cref="Decode"/> return <see cref="DecodeStatus.Aborted"/> soon. Callable from any thread.</summary>
    void RequestAbort();
}

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
