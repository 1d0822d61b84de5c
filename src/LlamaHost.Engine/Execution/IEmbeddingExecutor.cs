namespace LlamaHost.Engine.Execution;

/// <summary>
/// The seam between the engine and whatever computes hidden states. It has slots and cells of its own: nothing that happens here changes what the
/// <see cref="IModelExecutor"/> computes that it belongs to. Called from the engine's one thread.
/// </summary>
public interface IEmbeddingExecutor
{
    /// <summary>Texts computed at the same time; a slot is 0 to this − 1.</summary>
    int Slots { get; }

    /// <summary>Most tokens of one batch.</summary>
    int BatchTokens { get; }

    /// <summary>Tokens that all slots hold together; at least those of the longest text.</summary>
    int Cells { get; }

    /// <summary>Whether every token is to be in one batch with its text's others, because it sees those behind it.</summary>
    bool NeedsWholeTexts { get; }

    /// <summary>Computes every token of the batch.</summary>
    /// <returns>False: it was stopped on request, and all slots have to be freed and computed again.</returns>
    /// <exception cref="FatalDecodeException">The context is unusable.</exception>
    bool Compute(Batch batch);

    /// <summary>Hidden state of the batch's token at the index, after the last layer's norm. Valid until the next <see cref="Compute"/>.</summary>
    ReadOnlySpan<float> HiddenState(int batchIndex);

    /// <summary>Frees the slot's cells.</summary>
    void Free(int slot);
}
