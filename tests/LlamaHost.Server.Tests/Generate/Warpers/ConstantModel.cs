namespace LlamaHost.Server.Tests.Generate.Warpers;

/// <summary>
/// A model whose logits are the same vector whatever it reads: every token has the same embedding, the only layer adds nothing to it, and the output
/// head multiplies the vector by the one dimension that it looks at. Its tokens are single characters.
/// </summary>
internal static class ConstantModel
{
    private const int Width = 32;
    private const float Epsilon = 1e-5f;

    // Characters that stand for themselves in GPT-2's alphabet of bytes.
    private const char FirstToken = '!';

    /// <summary>A text of all tokens in the order of their ids.</summary>
    public static string Alphabet(int vocabulary) => string.Concat(Enumerable.Range(0, vocabulary).Select(id => (char)(FirstToken + id)));

    /// <summary>Writes the model's file. Minus infinity becomes a logit that is finite and has a probability of zero.</summary>
    public static void Save(string path, IReadOnlyList<float> logits)
    {
        int vocabulary = logits.Count;
        Assert.InRange(vocabulary, 1, '~' - FirstToken + 1);
        float[] head = new float[vocabulary * Width];
        for (int id = 0; id < vocabulary; id++)
            head[id * Width] = Math.Max(logits[id], -1e30f);
        new GgufFile()
            .With("general.architecture", "llama")
            .With("general.name", "constant")
            .With("llama.context_length", 512u)
            .With("llama.embedding_length", Width)
            .With("llama.feed_forward_length", Width)
            .With("llama.block_count", 1u)
            .With("llama.attention.head_count", 1u)
            .With("llama.attention.head_count_kv", 1u)
            .With("llama.attention.layer_norm_rms_epsilon", Epsilon)
            .With("llama.rope.dimension_count", Width)
            .With("llama.vocab_size", (uint)vocabulary)
            .With("tokenizer.ggml.model", "gpt2")
            .With("tokenizer.ggml.pre", "default")
            .With("tokenizer.ggml.tokens", [.. Alphabet(vocabulary).Select(one => one.ToString())])
            .With("tokenizer.ggml.token_type", [.. Enumerable.Repeat(1, vocabulary)])
            .With("tokenizer.ggml.merges", Array.Empty<string>())
            .With("tokenizer.ggml.bos_token_id", 0u)
            .With("tokenizer.ggml.eos_token_id", 0u)
            .With("tokenizer.ggml.add_bos_token", false)
            .WithTensor("token_embd.weight", Filled(vocabulary * Width, 1), Width)
            // Undoes the epsilon, so that each dimension is 1 again.
            .WithTensor("output_norm.weight", Filled(Width, MathF.Sqrt(1 + Epsilon)), Width)
            .WithTensor("output.weight", head, Width)
            .WithTensor("blk.0.attn_norm.weight", Filled(Width, 1), Width)
            .WithTensor("blk.0.attn_q.weight", Filled(Width * Width, 0), Width)
            .WithTensor("blk.0.attn_k.weight", Filled(Width * Width, 0), Width)
            .WithTensor("blk.0.attn_v.weight", Filled(Width * Width, 0), Width)
            .WithTensor("blk.0.attn_output.weight", Filled(Width * Width, 0), Width)
            .WithTensor("blk.0.ffn_norm.weight", Filled(Width, 1), Width)
            .WithTensor("blk.0.ffn_gate.weight", Filled(Width * Width, 0), Width)
            .WithTensor("blk.0.ffn_up.weight", Filled(Width * Width, 0), Width)
            .WithTensor("blk.0.ffn_down.weight", Filled(Width * Width, 0), Width)
            .Save(path);
    }

    private static float[] Filled(int length, float value)
    {
        float[] data = new float[length];
        data.AsSpan().Fill(value);
        return data;
    }
}
