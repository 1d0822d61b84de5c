using LlamaHost.Engine.Execution.Threads;
using LlamaHost.Native;

namespace LlamaHost.Engine.Execution;

/// <summary>
/// Computes hidden states with llama.cpp, in a context of its own that shares the model's weights. Owns the context.
/// </summary>
/// <param name="context">Gives one embedding per token.</param>
/// <param name="inOnePiece">Whether its model reads a text both ways.</param>
/// <param name="adaptiveThreads">Chooses the number of threads; <see langword="null"/>: it is fixed.</param>
internal sealed class LlamaEmbeddingExecutor(LlamaContext context, bool inOnePiece, AdaptiveThreads? adaptiveThreads)
    : IEmbeddingExecutor, IDisposable
{
    private readonly LlamaBatch _batch = new(context.BatchTokens);

    public int Slots => context.MaxSequences;

    public int BatchTokens => _batch.Capacity;

    public int Cells => inOnePiece ? _batch.Capacity : context.ContextLength;

    public bool NeedsWholeTexts => inOnePiece;

    public bool Compute(Batch batch)
    {
        _batch.Set(batch.Tokens, batch.Positions, batch.Slots, batch.Outputs);
        int status = inOnePiece ? context.Encode(_batch) : adaptiveThreads?.Decode(_batch) ?? context.Decode(_batch);
        return status switch
        {
            0 => true,
            2 => false,
            // Every cell is booked before it is used.
            _ => throw new FatalDecodeException($"llama.cpp failed to compute embeddings (llama_{(inOnePiece ? "encode" : "decode")}: {status})."),
        };
    }

    public ReadOnlySpan<float> HiddenState(int batchIndex) => context.Embedding(batchIndex);

    public void Free(int slot) => context.Memory.Remove(slot);

    /// <summary>Makes the running or next computation stop. Callable from any thread.</summary>
    public void RequestAbort() => context.RequestAbort();

    public void Dispose() => context.Dispose();
}
