using LlamaHost.Engine.Execution.Offload;
using LlamaHost.Gguf;
using LlamaHost.Gguf.Tests;

namespace LlamaHost.Engine.Tests.Execution.Offload;

/// <summary>A Llama of published shape, as the header of a GGUF file that llama.cpp's quantiser would write.</summary>
internal sealed record KnownModel(
    int Blocks, int Embedding, int Heads, int KvHeads, int HeadLength, int FeedForward, int Vocabulary, bool IsTied, bool Is70B = false)
{
    private const int F32 = 0;
    private const int Q8_0 = 8;
    private const int Q4_K = 12;
    private const int Q5_K = 13;
    private const int Q6_K = 14;

    /// <summary>https://huggingface.co/meta-llama: config.json of each.</summary>
    public static IReadOnlyDictionary<string, KnownModel> All { get; } = new Dictionary<string, KnownModel>
    {
        ["Llama 3.2 1B"] = new(16, 2048, 32, 8, 64, 8192, 128256, IsTied: true),
        ["Llama 3.2 3B"] = new(28, 3072, 24, 8, 128, 8192, 128256, IsTied: true),
        ["Llama 3.1 8B"] = new(32, 4096, 32, 8, 128, 14336, 128256, IsTied: false),
        ["Llama 3.1 70B"] = new(80, 8192, 64, 8, 128, 28672, 128256, IsTied: false, Is70B: true),
    };

    /// <summary>Its header, quantised to <c>Q8_0</c> or <c>Q4_K_M</c>.</summary>
    public GgufHeader Header(string quantization)
    {
        bool isMixed = quantization == "Q4_K_M";
        int most = isMixed ? Q4_K : Q8_0;
        List<(string Name, int Type, ulong[] Shape)> tensors =
        [
            // A tied embedding is the output too, which is stored better.
            ("token_embd.weight", isMixed && IsTied ? Q6_K : most, [(ulong)Embedding, (ulong)Vocabulary]),
            ("output_norm.weight", F32, [(ulong)Embedding]),
        ];
        if (!IsTied)
            tensors.Add(("output.weight", isMixed ? Q6_K : most, [(ulong)Embedding, (ulong)Vocabulary]));
        for (int i = 0; i < Blocks; i++)
        {
            int better = isMixed && IsStoredBetter(i) ? Q6_K : most;
            int values = isMixed && Is70B && better == Q4_K ? Q5_K : better;
            ulong query = (ulong)(Heads * HeadLength), key = (ulong)(KvHeads * HeadLength);
            tensors.AddRange(
            [
                ($"blk.{i}.attn_norm.weight", F32, [(ulong)Embedding]),
                ($"blk.{i}.ffn_norm.weight", F32, [(ulong)Embedding]),
                ($"blk.{i}.attn_q.weight", most, [(ulong)Embedding, query]),
                ($"blk.{i}.attn_k.weight", most, [(ulong)Embedding, key]),
                ($"blk.{i}.attn_v.weight", values, [(ulong)Embedding, key]),
                ($"blk.{i}.attn_output.weight", most, [query, (ulong)Embedding]),
                ($"blk.{i}.ffn_gate.weight", most, [(ulong)Embedding, (ulong)FeedForward]),
                ($"blk.{i}.ffn_up.weight", most, [(ulong)Embedding, (ulong)FeedForward]),
                ($"blk.{i}.ffn_down.weight", better, [(ulong)FeedForward, (ulong)Embedding]),
            ]);
        }
        (string Key, object Value)[] metadata =
        [
            ("general.architecture", "llama"), ("llama.block_count", (uint)Blocks), ("llama.embedding_length", (uint)Embedding),
            ("llama.feed_forward_length", (uint)FeedForward), ("llama.attention.head_count", (uint)Heads),
            ("llama.attention.head_count_kv", (uint)KvHeads), ("llama.context_length", 131072u),
        ];
        GgufWriter writer = new GgufWriter().Start(3, tensors.Count, metadata.Length);
        foreach ((string key, object value) in metadata)
            writer.Entry(key, value);
        foreach ((string name, int type, ulong[] shape) in tensors)
            writer.TypedTensor(name, type, shape);
        return GgufHeader.Read(new MemoryStream(writer.ToArray()));
    }

    public ModelShape Shape(string quantization) => ModelShape.Of([Header(quantization)]);

    // llama-quant.cpp: use_more_bits.
    private bool IsStoredBetter(int block) =>
        block < Blocks / 8 || block >= 7 * Blocks / 8 || (block - (Blocks / 8)) % 3 == 2;
}
