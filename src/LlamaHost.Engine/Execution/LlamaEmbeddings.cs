using LlamaHost.Engine.Requests;
using LlamaHost.Native;

namespace LlamaHost.Engine.Execution;

/// <summary>What the embeddings of a GGUF model are like, and the options of a context for them.</summary>
internal static class LlamaEmbeddings
{
    // A context that gives hidden states also computes logits, for every token, and keeps them until the next batch.
    private const int MostLogitBytes = 64 << 20;
    private const int LeastBatchTokens = 32;
    private const int MostTexts = 64;

    // Values of enum llama_pooling_type in the metadata.
    private const string Cls = "2";
    private const string Last = "3";
    private const string Rank = "4";

    /// <summary>Whether its attention goes both ways, so that a text is computed in one piece: BERT and its like, and T5's encoder.</summary>
    /// <param name="model">The model.</param>
    /// <param name="hasMemory">Whether its contexts have a KV cache.</param>
    public static bool ReadsBothWays(LlamaModel model, bool hasMemory) => model.HasEncoder || IsNonCausal(model, hasMemory);

    /// <summary>Whether it can't continue a text, having no token that depends on those before it alone.</summary>
    public static bool IsNonCausal(LlamaModel model, bool hasMemory) => !hasMemory || Metadata(model, "attention.causal") == "false";

    /// <summary>The model's embeddings; <see langword="null"/> for a reranker, which gives scores of pairs.</summary>
    public static EmbeddingDescription? Describe(EngineSettings settings, LlamaModel model, LlamaContext context, int contextLength)
    {
        string? own = Metadata(model, "pooling_type");
        if (own == Rank && settings.EmbeddingPooling == EmbeddingPooling.Auto)
            return null;
        EmbeddingPooling pooling = settings.EmbeddingPooling != EmbeddingPooling.Auto ? settings.EmbeddingPooling : own switch
        {
            Cls => EmbeddingPooling.Cls,
            Last => EmbeddingPooling.Last,
            _ => EmbeddingPooling.Mean,
        };
        // BERT has as many learned positions as it was trained with, and llama.cpp aborts beyond.
        int maxTokens = context.Memory.Exists ? Math.Min(contextLength, context.ContextLength) : Math.Min(contextLength, model.TrainedContextLength);
        return new EmbeddingDescription { Length = model.EmbeddingOutputLength, Pooling = pooling, MaxTokens = maxTokens };
    }

    /// <summary>Options of the context that computes them.</summary>
    /// <param name="settings">How the model is run.</param>
    /// <param name="description">What the embeddings are.</param>
    /// <param name="model">The model.</param>
    /// <param name="inOnePiece">Whether a text has to be in one batch.</param>
    /// <param name="threads">Most threads.</param>
    public static LlamaContextOptions ContextOptions(
        EngineSettings settings, EmbeddingDescription description, LlamaModel model, bool inOnePiece, int threads)
    {
        int affordable = Math.Max(LeastBatchTokens, MostLogitBytes / sizeof(float) / model.Vocabulary.Count);
        int batchTokens = inOnePiece ? description.MaxTokens : Math.Min(settings.BatchTokens, affordable);
        return new LlamaContextOptions
        {
            ContextLength = description.MaxTokens,
            BatchTokens = batchTokens,
            MicroBatchTokens = batchTokens,
            MaxSequences = Math.Min(Math.Min(MostTexts, batchTokens), model.Runtime.MaxSequences),
            Threads = threads,
            KeyType = settings.KvCacheTypeK.ToNative(),
            ValueType = settings.KvCacheTypeV.ToNative(),
            FlashAttention = settings.FlashAttention.ToNative(),
            OffloadKvCache = !settings.Offload.GpuLayers.IsNone && settings.Offload.OffloadKv,
            UnifiedKvCache = true,
            Embeddings = true,
            // llama.cpp pools within a micro-batch, so a text that is split over two would get the embedding of its last part.
            Pooling = PoolingType.None,
        };
    }

    private static string? Metadata(LlamaModel model, string key) => model.Metadata[$"{model.Metadata["general.architecture"]}.{key}"];
}
