using LlamaHost.Engine.Execution.Offload;
using LlamaHost.Gguf;
using LlamaHost.Tests;

namespace LlamaHost.Engine.Tests.Execution.Offload;

/// <summary>Sizes of known models against figures that were computed by hand from their published shapes.</summary>
public sealed class ModelShapeTests
{
    private const double GB = 1e9;

    // A file has its vocabulary besides its tensors: 7.8 MB for Llama 3's.
    private const double VocabularyGB = 0.0078;

    private static readonly GgmlBlock F16 = GgmlBlock.Of(1);
    private static readonly GgmlBlock Q8_0 = GgmlBlock.Of(8);
    private static readonly GgmlBlock Q4_0 = GgmlBlock.Of(2);

    // A matrix of n numbers has 34/32 n bytes in Q8_0, 144/256 n in Q4_K, 176/256 n in Q5_K and 210/256 n in Q6_K; a norm of n has 4 n. In Q4_K_M
    // half of the blocks have attn_v and ffn_down in Q6_K, and so is the output; in the 70B the other half has attn_v in Q5_K.
    //  1B Q8_0: block (2 x 2048^2 + 2 x 2048 x 512 + 3 x 2048 x 8192) x 34/32 + 2 x 2048 x 4 = 64,634,880, output 2048 x 128256 x 34/32 + 2048 x 4.
    //  8B Q8_0: block (2 x 4096^2 + 2 x 4096 x 1024 + 3 x 4096 x 14336) x 34/32 + 2 x 4096 x 4 = 231,768,064.
    //  8B Q4_K_M: 122,716,160 = the same numbers x 144/256; better: attn_v 4096 x 1024 and ffn_down 4096 x 14336 x 66/256 more = 138,936,320.
    [Theory]
    [InlineData("Llama 3.2 1B", "Q8_0", 16 * 64_634_880L, 279_093_248, 1.32)]
    [InlineData("Llama 3.2 1B", "Q4_K_M", (8 * 34_226_176L) + (8 * 38_821_888L), 215_478_272, 0.81)]
    [InlineData("Llama 3.2 3B", "Q8_0", 28 * 106_979_328L, 418_639_872, 3.42)]
    [InlineData("Llama 3.2 3B", "Q4_K_M", (14 * 56_647_680L) + (14 * 63_946_752L), 323_217_408, 2.02)]
    [InlineData("Llama 3.1 8B", "Q8_0", 32 * 231_768_064L, 558_186_496, 8.54)]
    [InlineData("Llama 3.1 8B", "Q4_K_M", (16 * 122_716_160L) + (16 * 138_936_320L), 430_956_544, 4.92)]
    [InlineData("Llama 3.1 70B", "Q8_0", 80 * 909_180_928L, 1_116_372_992, 74.98)]
    [InlineData("Llama 3.1 70B", "Q4_K_M", (40 * 482_410_496L) + (40 * 544_079_872L), 861_913_088, 42.52)]
    public void Weights_of_known_models_have_the_bytes_of_their_published_shapes(
        string name, string quantization, long blockBytes, long outputBytes, double publishedGB)
    {
        KnownModel known = KnownModel.All[name];
        GgufHeader header = known.Header(quantization);

        var shape = ModelShape.Of([header]);

        Assert.Equal(blockBytes, shape.Blocks.Sum(block => block.WeightBytes));
        Assert.Equal(outputBytes, shape.OutputBytes);
        Assert.Equal(publishedGB, (header.Tensors.Sum(tensor => tensor.Bytes) / GB) + VocabularyGB, 0.006);
        Assert.Equal((known.Blocks + 1, known.Embedding, 131072), (shape.Layers, shape.EmbeddingLength, shape.TrainedContextLength));
    }

    // Cells x blocks x 2 (keys and values) x KV heads x head length x bytes; an element of Q8_0 has 34/32 bytes, one of Q4_0 18/32.
    [Theory]
    [InlineData("Llama 3.2 1B", 4096, 4096L * 16 * 2 * 8 * 64 * 2, 128)]
    [InlineData("Llama 3.2 1B", 131072, 131072L * 16 * 2 * 8 * 64 * 2, 4096)]
    [InlineData("Llama 3.2 3B", 4096, 4096L * 28 * 2 * 8 * 128 * 2, 448)]
    [InlineData("Llama 3.2 3B", 131072, 131072L * 28 * 2 * 8 * 128 * 2, 14336)]
    [InlineData("Llama 3.1 8B", 8192, 8192L * 32 * 2 * 8 * 128 * 2, 1024)]
    [InlineData("Llama 3.1 8B", 131072, 131072L * 32 * 2 * 8 * 128 * 2, 16384)]
    [InlineData("Llama 3.1 70B", 4096, 4096L * 80 * 2 * 8 * 128 * 2, 1280)]
    [InlineData("Llama 3.1 70B", 131072, 131072L * 80 * 2 * 8 * 128 * 2, 40960)]
    public void KV_caches_of_known_models_have_the_bytes_of_their_published_shapes(string name, int cells, long bytes, int mebibytes)
    {
        ModelShape shape = KnownModel.All[name].Shape("Q8_0");

        Assert.Equal(bytes, shape.Blocks.Sum(block => block.KvBytes(cells, F16, F16)));
        Assert.Equal(mebibytes, bytes >> 20);
        Assert.Equal(bytes / 2 * 34 / 32, shape.Blocks.Sum(block => block.KvBytes(cells, Q8_0, Q8_0)));
        Assert.Equal(bytes / 2 * 18 / 32, shape.Blocks.Sum(block => block.KvBytes(cells, Q4_0, Q4_0)));
    }

    [Theory]
    [InlineData("tiny-llama")]
    [InlineData("tiny-stablelm")]
    public void Keys_and_values_that_the_metadata_alone_tells_have_the_size_of_their_projections(string model)
    {
        GgufHeader header = GgufHeader.Read(RepositoryFiles.TinyModel(model));
        GgufTensor[] block = [.. header.Tensors.Where(tensor => tensor.Name.StartsWith("blk.0.", StringComparison.Ordinal))];
        GgufTensor[] others = [.. block.Where(tensor => !tensor.Name.Contains("attn_k.", StringComparison.Ordinal)
            && !tensor.Name.Contains("attn_v.", StringComparison.Ordinal))];
        int embedding = (int)header.ArchitectureInteger("embedding_length")!;

        BlockShape told = BlockShape.Of(others, header, embedding), read = BlockShape.Of(block, header, embedding);

        Assert.True(others.Length < block.Length);
        Assert.Equal((read.KeyElements, read.ValueElements), (told.KeyElements, told.ValueElements));
    }

    [Fact]
    public void An_encoder_decoder_model_s_blocks_are_found_on_both_sides()
    {
        ModelShape shape = ModelShape.Read(RepositoryFiles.TinyModel("tiny-t5"));

        Assert.All(shape.Blocks, block => Assert.True(block.WeightBytes > 0));
    }
}
