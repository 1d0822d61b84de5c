namespace LlamaHost.Gguf;

/// <summary>A tensor of a GGUF file.</summary>
/// <param name="Name">Such as <c>blk.0.attn_k.weight</c>.</param>
/// <param name="Shape">Its dimensions in ggml's order: the length of a row first.</param>
/// <param name="Type">Number of its element type (<c>enum ggml_type</c>).</param>
public sealed record GgufTensor(string Name, IReadOnlyList<long> Shape, int Type)
{
    /// <summary>Number of elements.</summary>
    public long Elements => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    /// <summary>Bytes of its data; of a type that this version does not know, as for 32-bit floats, which is never too little.</summary>
    public long Bytes => GgmlBlock.Of(Type).BytesFor(Elements);
}
