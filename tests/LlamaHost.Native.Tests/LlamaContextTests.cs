using System.Text.Json;
using LlamaHost.Tests;

namespace LlamaHost.Native.Tests;

/// <summary>Contexts, their memory and their saved state.</summary>
public sealed class LlamaContextTests
{
    private static readonly int[] Prompt = [63, 94, 319, 614, 258];

    [Fact]
    public void A_context_tells_what_it_really_has()
    {
        using TinyLlama tiny = new();
        using LlamaContext context = tiny.NewContext(TinyLlama.Exact with { ContextLength = 300, BatchTokens = 40, MicroBatchTokens = 20 });

        Assert.Equal(512, context.ContextLength);
        Assert.Equal(512, context.SequenceLength);
        Assert.Equal(40, context.BatchTokens);
        Assert.Equal(20, context.MicroBatchTokens);
        Assert.Equal(4, context.MaxSequences);
    }

    // llama.cpp asserts that it has room for an output of every sequence.
    [Fact]
    public void A_context_may_have_more_sequences_than_a_batch_has_tokens()
    {
        using TinyLlama tiny = new();
        using LlamaContext context = tiny.NewContext(TinyLlama.Exact with { BatchTokens = 8, MicroBatchTokens = 8, MaxSequences = 32 });

        Assert.Equal(tiny.Model.Vocabulary.Count, TinyLlama.Decode(context, Prompt, sequence: 31).Length);
    }

    [Fact]
    public void Any_number_of_threads_computes_the_same()
    {
        using TinyLlama tiny = new();
        using LlamaContext one = tiny.NewContext();
        using LlamaContext two = tiny.NewContext(TinyLlama.Exact with { Threads = 2 });
        two.SetThreads(1, 2);
        Assert.Equal((1, 2), two.Threads);
        Assert.Throws<ArgumentOutOfRangeException>(() => two.SetThreads(1, 3));

        Assert.Equal(TinyLlama.Decode(one, Prompt), TinyLlama.Decode(two, Prompt));
        Assert.Equal(TinyLlama.Decode(one, [253], from: Prompt.Length), TinyLlama.Decode(two, [253], from: Prompt.Length));
    }

    [Fact]
    public void A_saved_sequence_goes_on_in_another_context()
    {
        using TinyLlama tiny = new();
        using LlamaContext first = tiny.NewContext();
        TinyLlama.Decode(first, Prompt, sequence: 1);
        var state = new byte[first.State.Size(1)];
        Assert.Equal(state.Length, first.State.Save(1, state));
        float[] expected = TinyLlama.Decode(first, [253], from: Prompt.Length, sequence: 1);

        using LlamaContext second = tiny.NewContext();
        Assert.True(second.State.Load(3, state));

        Assert.Equal(Prompt.Length - 1, second.Memory.LastPosition(3));
        Assert.Equal(expected, TinyLlama.Decode(second, [253], from: Prompt.Length, sequence: 3));
    }

    [Fact]
    public void A_state_that_is_cut_off_is_refused_and_leaves_the_sequence_empty()
    {
        using TinyLlama tiny = new();
        using LlamaContext context = tiny.NewContext();
        TinyLlama.Decode(context, Prompt);
        var state = new byte[context.State.Size(0)];
        context.State.Save(0, state);

        Assert.False(context.State.Load(1, state.AsSpan(..^100)));
        Assert.Null(context.Memory.LastPosition(1));
        Assert.Equal(0, context.State.Save(0, state.AsSpan(..^1)));
    }

    [Fact]
    public void Memory_copies_removes_keeps_and_clears_sequences()
    {
        using TinyLlama tiny = new();
        using LlamaContext context = tiny.NewContext();
        LlamaMemory memory = context.Memory;
        TinyLlama.Decode(context, Prompt);

        memory.Copy(0, 1, from: 0, to: 3);
        Assert.Equal((0, 2), (memory.FirstPosition(1), memory.LastPosition(1)));
        Assert.True(memory.Remove(0, from: 4));
        Assert.Equal(3, memory.LastPosition(0));
        memory.Keep(1);
        Assert.Null(memory.LastPosition(0));
        Assert.Equal(2, memory.LastPosition(1));
        memory.Clear();
        Assert.Null(memory.FirstPosition(1));
    }

    [Fact]
    public void Shifting_moves_positions_and_the_next_token_follows_them()
    {
        using TinyLlama tiny = new();
        using LlamaContext context = tiny.NewContext();
        TinyLlama.Decode(context, Prompt);
        Assert.True(context.Memory.CanShift);

        context.Memory.Remove(0, from: 0, to: 2);
        context.Memory.Shift(0, from: 2, to: Prompt.Length, delta: -2);

        Assert.Equal((0, 2), (context.Memory.FirstPosition(0), context.Memory.LastPosition(0)));
        TinyLlama.Decode(context, [253], from: 3);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void Sequences_that_do_not_exist_are_refused_before_llama_cpp_sees_them(int sequence)
    {
        using TinyLlama tiny = new();
        using LlamaContext context = tiny.NewContext();
        var batch = new LlamaBatch(1);
        batch.Add(5, 0, sequence, output: true);

        Assert.Throws<ArgumentException>(() => context.Decode(batch));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Memory.Remove(sequence));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Memory.Copy(0, sequence));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Memory.Copy(sequence, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Memory.Keep(sequence));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Memory.Shift(sequence, 0, 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Memory.FirstPosition(sequence));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.Memory.LastPosition(sequence));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.State.Size(sequence));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.State.Load(sequence, [1, 2, 3]));
    }

    [Fact]
    public void Batches_that_llama_cpp_would_not_survive_are_refused()
    {
        using TinyLlama tiny = new();
        using LlamaContext context = tiny.NewContext(TinyLlama.Exact with { BatchTokens = 4, MicroBatchTokens = 4 });
        Assert.Throws<ArgumentException>(() => context.Decode(new LlamaBatch(1)));
        var large = new LlamaBatch(5);
        for (int i = 0; i < 5; i++)
            large.Add(5, i, 0, output: false);
        Assert.Throws<ArgumentException>(() => context.Decode(large));
        Assert.Throws<IndexOutOfRangeException>(() => large.Add(5, 5, 0, output: false));
        var negative = new LlamaBatch(1);
        negative.Add(5, -1, 0, output: false);
        Assert.Throws<ArgumentException>(() => context.Decode(negative));

        // A gap in the positions is refused by llama.cpp itself, with a status.
        TinyLlama.Decode(context, [5]);
        var gap = new LlamaBatch(1);
        gap.Add(5, 7, 0, output: false);
        Assert.Equal(-1, context.Decode(gap));
        Assert.Equal(0, context.Memory.LastPosition(0));
    }

    [Fact]
    public void A_context_that_can_not_be_made_gives_llama_cpps_reason()
    {
        using TinyLlama tiny = new();

        var error = Assert.Throws<LlamaException>(() => tiny.NewContext(TinyLlama.Exact with { ValueType = GgmlType.Q8_0 }));

        Assert.Contains("flash_attn", error.Message, StringComparison.Ordinal);
        Assert.Throws<LlamaException>(() => tiny.NewContext(TinyLlama.Exact with { MaxSequences = 257 }));
    }

    [Fact]
    public void Counters_count_prefilled_and_decoded_tokens()
    {
        using TinyLlama tiny = new();
        using LlamaContext context = tiny.NewContext(TinyLlama.Exact with { MeasurePerformance = true });
        context.ResetPerformance();

        TinyLlama.Decode(context, Prompt);
        TinyLlama.Decode(context, [253], from: Prompt.Length);
        TinyLlama.Decode(context, [655], from: Prompt.Length + 1);

        Assert.Equal(Prompt.Length, context.Performance.PrefillTokens);
        Assert.Equal(2, context.Performance.DecodeTokens);
        Assert.True(context.Performance.PrefillTime > TimeSpan.Zero);
    }

    [Fact]
    public void A_pooled_embedding_is_the_mean_of_the_tokens_embeddings()
    {
        using TinyLlama tiny = new();
        LlamaContextOptions options = TinyLlama.Exact with { Embeddings = true };
        var batch = new LlamaBatch(Prompt.Length);
        for (int i = 0; i < Prompt.Length; i++)
            batch.Add(Prompt[i], i, 2, output: true);

        using LlamaContext perToken = tiny.NewContext(options with { Pooling = PoolingType.None });
        Assert.Equal(0, perToken.Decode(batch));
        float[][] embeddings = [.. Enumerable.Range(0, Prompt.Length).Select(token => perToken.Embedding(token).ToArray())];
        IEnumerable<float> mean = Enumerable.Range(0, tiny.Model.EmbeddingLength).Select(i => embeddings.Average(embedding => embedding[i]));
        Assert.Throws<ArgumentException>(() => perToken.SequenceEmbedding(2));

        using LlamaContext pooled = tiny.NewContext(options with { Pooling = PoolingType.Mean });
        Assert.Equal(0, pooled.Decode(batch));
        Assert.All(mean.Zip(pooled.SequenceEmbedding(2).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.Throws<ArgumentException>(() => pooled.SequenceEmbedding(3));
    }

    [Fact]
    public void An_encoder_decoder_model_encodes_the_prompt_and_decodes_the_golden_answer()
    {
        using JsonDocument golden = RepositoryFiles.Golden("t5");
        JsonElement one = golden.RootElement.GetProperty("cases").EnumerateArray().First(IsPlainGreedy);
        int[] prompt = [.. one.GetProperty("prompt_ids").EnumerateArray().Select(id => id.GetInt32())];
        int[] answer = [.. one.GetProperty("sequences")[0].EnumerateArray().Select(id => id.GetInt32())];
        using TinyLlama tiny = new("tiny-t5");
        using LlamaContext context = tiny.NewContext();
        Assert.True(tiny.Model.HasEncoder);
        Assert.Equal(answer[0], tiny.Model.DecoderStartToken);

        var batch = new LlamaBatch(prompt.Length);
        for (int i = 0; i < prompt.Length; i++)
            batch.Add(prompt[i], i, 0, output: false);
        Assert.Equal(0, context.Encode(batch));

        List<int> decoded = [answer[0]];
        while (decoded.Count < answer.Length)
        {
            float[] logits = TinyLlama.Decode(context, [decoded[^1]], from: decoded.Count - 1);
            decoded.Add(Array.IndexOf(logits, logits.Max()));
        }
        Assert.Equal(answer, decoded);
    }

    // Only a length is set: no beams, no processors. And far enough from a tie.
    private static bool IsPlainGreedy(JsonElement one) =>
        one.GetProperty("noise_ok").GetDouble() >= 0.03
        && one.GetProperty("generation_config").EnumerateObject().All(setting => setting.Name is "max_new_tokens" or "max_length" or "do_sample");
}
