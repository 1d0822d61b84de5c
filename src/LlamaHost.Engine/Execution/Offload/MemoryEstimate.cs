namespace LlamaHost.Engine.Execution.Offload;

/// <summary>
/// The bytes that a run of layers takes on a GPU: weights and KV cache as the file has them, and an estimate of the buffers for intermediate results.
/// docs/gpu.md has the formula.
/// </summary>
internal static class MemoryEstimate
{
    // llama.cpp rounds the number of cells up to this.
    private const int CellStep = 256;

    // Hidden states that are alive at once in a block: the residual, its norm, query, attention's result and the like.
    private const int HiddenStates = 6;

    // Gate, up, and their product.
    private const int FeedForwardStates = 3;

    /// <summary>Bytes of layers <paramref name="first"/> to <paramref name="end"/>, exclusive; 0 for none.</summary>
    public static long Of(OffloadRequest request, int cells, int first, int end)
    {
        if (first >= end)
            return 0;
        ModelShape model = request.Model;
        bool hasOutput = end == model.Layers;
        long bytes = Compute(request, cells, hasOutput) + (hasOutput ? model.OutputBytes : 0);
        for (int layer = first; layer < Math.Min(end, model.Blocks.Count); layer++)
        {
            bytes += model.Blocks[layer].WeightBytes;
            if (request.OffloadKv)
                bytes += model.Blocks[layer].KvBytes(RoundUp(cells), request.KeyType, request.ValueType);
        }
        return bytes;
    }

    /// <summary>Cells that llama.cpp makes of so many.</summary>
    public static int RoundUp(int cells) => (int)Math.Min(int.MaxValue / CellStep * CellStep, ((long)cells + CellStep - 1) / CellStep * CellStep);

    private static long Compute(OffloadRequest request, int cells, bool hasOutput)
    {
        ModelShape model = request.Model;
        long tokens = request.BatchTokens;
        long states = tokens * sizeof(float)
            * (((long)HiddenStates * model.EmbeddingLength) + ((long)FeedForwardStates * model.FeedForwardLength));
        // Which token may see which cell, in 16 bits and, on the way there, in 32.
        long mask = tokens * RoundUp(cells) * (sizeof(float) + sizeof(ushort));
        long scores = request.FlashAttention ? 0 : 2 * tokens * RoundUp(cells) * model.Heads * sizeof(float);
        long logits = hasOutput ? tokens * model.VocabularySize * sizeof(float) : 0;
        return Math.Max(states + scores, logits) + mask;
    }
}
