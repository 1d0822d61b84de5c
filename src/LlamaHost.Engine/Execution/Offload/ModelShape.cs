using System.Globalization;
using LlamaHost.Gguf;

namespace LlamaHost.Engine.Execution.Offload;

/// <summary>What a model's file says of the memory that its parts need.</summary>
internal sealed record ModelShape
{
    // Above llama.cpp's LLAMA_MAX_LAYERS: a file that claims more is damaged.
    private const int MostBlocks = 1024;

    /// <summary>The blocks, first to last.</summary>
    public required IReadOnlyList<BlockShape> Blocks { get; init; }

    /// <summary>
    /// Bytes of the output layer's weights. A model whose output is its token embedding has that a second time: the first stays with the CPU.
    /// </summary>
    public required long OutputBytes { get; init; }

    /// <summary>Width of the hidden state.</summary>
    public required int EmbeddingLength { get; init; }

    /// <summary>Width of the feed-forward network's inner state.</summary>
    public required int FeedForwardLength { get; init; }

    /// <summary>Number of attention heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Number of token ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Context length it was trained with.</summary>
    public required int TrainedContextLength { get; init; }

    /// <summary>Layers as llama.cpp counts them: the blocks and the output.</summary>
    public int Layers => Blocks.Count + 1;

    /// <summary>Reads it from a model's files.</summary>
    /// <param name="path">The file; of a split model, its first part.</param>
    /// <exception cref="InvalidGgufException">One of them is no GGUF file, or damaged.</exception>
    /// <exception cref="IOException">One of them can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">One of them may not be read.</exception>
    public static ModelShape Read(string path) => Of([.. GgufFiles.PartsOf(path).Select(GgufHeader.Read)]);

    /// <summary>Takes it from the headers of a model's files; metadata are in the first.</summary>
    public static ModelShape Of(IReadOnlyList<GgufHeader> parts)
    {
        GgufHeader header = parts[0];
        GgufTensor[] tensors = [.. parts.SelectMany(part => part.Tensors)];
        int blockCount = Math.Min(Integer(header, "block_count") ?? 0, MostBlocks);
        int embedding = Integer(header, "embedding_length") ?? 0;
        int heads = Integer(header, "attention.head_count") ?? 1;
        ILookup<int?, GgufTensor> byBlock = tensors.ToLookup(tensor => BlockOf(tensor.Name));
        BlockShape[] blocks = [.. Enumerable.Range(0, blockCount).Select(block => BlockShape.Of([.. byBlock[block]], header, embedding))];
        GgufTensor? tokens = tensors.FirstOrDefault(tensor => tensor.Name == "token_embd.weight");
        bool isTied = tensors.All(tensor => tensor.Name != "output.weight");
        return new ModelShape
        {
            Blocks = blocks,
            OutputBytes = byBlock[null].Where(tensor => tensor != tokens).Sum(tensor => tensor.Bytes) + (isTied ? tokens?.Bytes ?? 0 : 0),
            EmbeddingLength = embedding,
            FeedForwardLength = Integer(header, "feed_forward_length") ?? 4 * embedding,
            Heads = heads,
            VocabularySize = tokens is { Shape: [_, var count] } ? (int)Math.Min(count, int.MaxValue) : 0,
            TrainedContextLength = header.ContextLength ?? 0,
        };
    }

    private static int? Integer(GgufHeader header, string key) =>
        header.ArchitectureInteger(key) is >= 0 and <= int.MaxValue and { } value ? (int)value : null;

    // "blk.12.attn_k.weight", and "dec.blk.12.attn_k.weight" with an encoder.
    private static int? BlockOf(string tensor)
    {
        string[] parts = tensor.Split('.');
        ReadOnlySpan<string> name = parts is ["enc" or "dec", ..] ? parts.AsSpan(1) : parts;
        return name is ["blk", var number, ..] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int block) ? block : null;
    }
}

/// <summary>What a block needs.</summary>
/// <param name="WeightBytes">Bytes of its weights.</param>
/// <param name="KeyElements">Numbers that it keeps of each token as keys.</param>
/// <param name="ValueElements">Numbers that it keeps of each token as values.</param>
internal readonly record struct BlockShape(long WeightBytes, long KeyElements, long ValueElements)
{
    // A file that claims more is damaged, and nothing shall overflow for it.
    private const long MostElements = 1 << 24;

    /// <summary>Takes it from the block's tensors; where keys and values have none of their own, from the metadata.</summary>
    public static BlockShape Of(IReadOnlyList<GgufTensor> tensors, GgufHeader header, int embeddingLength)
    {
        long heads = header.ArchitectureInteger("attention.head_count_kv") ?? header.ArchitectureInteger("attention.head_count") ?? 1;
        long headLength = embeddingLength / Math.Max(1, header.ArchitectureInteger("attention.head_count") ?? 1);
        return new BlockShape(
            tensors.Sum(tensor => tensor.Bytes),
            RowsOf("attn_k.weight") ?? heads * (header.ArchitectureInteger("attention.key_length") ?? headLength),
            RowsOf("attn_v.weight") ?? heads * (header.ArchitectureInteger("attention.value_length") ?? headLength));

        // One row of the projection for each number that comes out of it.
        long? RowsOf(string name) =>
            tensors.FirstOrDefault(tensor => tensor.Name.EndsWith("." + name, StringComparison.Ordinal)) is { Shape: [_, var rows] } ? rows : null;
    }

    /// <summary>Bytes of its KV cache.</summary>
    /// <param name="cells">Tokens that there is room for.</param>
    /// <param name="keys">How keys are stored.</param>
    /// <param name="values">How values are stored.</param>
    public long KvBytes(int cells, GgmlBlock keys, GgmlBlock values) =>
        cells * (keys.BytesFor(Math.Min(KeyElements, MostElements)) + values.BytesFor(Math.Min(ValueElements, MostElements)));
}
