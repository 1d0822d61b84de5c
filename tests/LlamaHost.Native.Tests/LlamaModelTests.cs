using LlamaHost.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaHost.Native.Tests;

/// <summary>Loading, metadata, vocabulary.</summary>
public sealed class LlamaModelTests
{
    [Fact]
    public void A_model_tells_what_its_file_says()
    {
        using TinyLlama tiny = new();
        LlamaModel model = tiny.Model;

        Assert.Equal("llama", model.Metadata["general.architecture"]);
        Assert.Null(model.Metadata["no.such.key"]);
        Assert.Equal("2", model.Metadata.ToDictionary()["llama.block_count"]);
        // Longer than the first buffer.
        Assert.True(model.Metadata["tokenizer.chat_template"]!.Length > 300);
        Assert.Equal(2, model.LayerCount);
        Assert.Equal(64, model.EmbeddingLength);
        Assert.Equal(512, model.TrainedContextLength);
        Assert.Equal(0, model.SlidingWindow);
        Assert.True(model is { HasDecoder: true, HasEncoder: false, IsRecurrent: false, IsDiffusion: false, DecoderStartToken: null });
        Assert.Contains("llama", model.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_tells_its_special_tokens()
    {
        using TinyLlama tiny = new("tiny-llama-spm");
        LlamaVocabulary vocabulary = tiny.Model.Vocabulary;

        Assert.Equal(VocabularyType.SentencePiece, vocabulary.Type);
        Assert.Equal(768, vocabulary.Count);
        Assert.Equal(1, vocabulary.BeginOfSequence);
        Assert.Equal(2, vocabulary.EndOfSequence);
        Assert.Null(vocabulary.Padding);
        Assert.True(vocabulary is { AddsBeginOfSequence: true, AddsEndOfSequence: false });
        Assert.True(vocabulary.IsEndOfGeneration(2));
        Assert.Equal(TokenAttributes.Control, vocabulary.Attributes(1) & TokenAttributes.Control);
        Assert.Equal("<s>", vocabulary.Text(1));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(768)]
    [InlineData(int.MaxValue)]
    public void Tokens_that_do_not_exist_are_refused_before_llama_cpp_sees_them(int token)
    {
        using TinyLlama tiny = new("tiny-llama-spm");
        LlamaVocabulary vocabulary = tiny.Model.Vocabulary;

        Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.Attributes(token));
        Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.Text(token));
        Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.Score(token));
        Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.IsEndOfGeneration(token));
        Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.Piece(token, new byte[16]));
        Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.Detokenize([1, token], removeSpecial: false, renderSpecial: false));
    }

    [Fact]
    public void Tokenisation_and_detokenisation_ask_for_a_larger_buffer_when_they_need_one()
    {
        using TinyLlama tiny = new();
        string text = string.Concat(Enumerable.Repeat("日本語 🦙 zebra ", 50));

        int[] tokens = tiny.Model.Vocabulary.Tokenize(text, addSpecial: true, parseSpecial: false);

        Assert.True(tokens.Length > text.Length);
        Assert.Equal(text, System.Text.Encoding.UTF8.GetString(tiny.Model.Vocabulary.Detokenize(tokens, removeSpecial: true, renderSpecial: false)));
        Assert.Equal(-tokens.Length, tiny.Model.Vocabulary.Tokenize(System.Text.Encoding.UTF8.GetBytes(text), new int[3], true, false));
    }

    [Fact]
    public void Loading_can_be_cancelled()
    {
        using LlamaRuntime runtime = LlamaRuntime.Open(folder: null, NullLogger.Instance);
        using CancellationTokenSource cancellation = new();

        Assert.Throws<OperationCanceledException>(() => LlamaModel.Load(
            runtime, RepositoryFiles.TinyModel("tiny-llama"), new LlamaModelOptions(), _ => cancellation.Cancel(), cancellation.Token));
    }

    [Fact]
    public void An_exception_of_the_progress_listener_comes_back_to_the_caller()
    {
        using LlamaRuntime runtime = LlamaRuntime.Open(folder: null, NullLogger.Instance);

        Assert.Throws<TimeZoneNotFoundException>(() => LlamaModel.Load(
            runtime, RepositoryFiles.TinyModel("tiny-llama"), new LlamaModelOptions(), _ => throw new TimeZoneNotFoundException(),
            CancellationToken.None));
    }

    [Fact]
    public void A_file_that_does_not_load_gives_llama_cpps_reason()
    {
        using LlamaRuntime runtime = LlamaRuntime.Open(folder: null, NullLogger.Instance);
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "This is not a GGUF file.");

            var error = Assert.Throws<LlamaException>(
                () => LlamaModel.Load(runtime, file, new LlamaModelOptions(), progress: null, CancellationToken.None));

            Assert.Contains(error.Log, line => line.Contains("magic", StringComparison.Ordinal));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_context_keeps_its_model_alive()
    {
        using TinyLlama tiny = new();
        LlamaContext context = tiny.NewContext();
        float[] before = TinyLlama.Decode(context, [63, 94, 319]);

        tiny.Model.Dispose();

        Assert.Throws<ObjectDisposedException>(() => tiny.Model.Vocabulary.Text(1));
        context.Memory.Clear();
        Assert.Equal(before, TinyLlama.Decode(context, [63, 94, 319]));
        context.Dispose();
        Assert.Throws<ObjectDisposedException>(() => tiny.Model.ParameterCount);
        Assert.Throws<ObjectDisposedException>(() => context.Memory.Clear());
    }

    [Fact]
    public async Task A_model_disposed_while_others_tokenise_ends_their_calls_with_an_exception_and_not_the_process()
    {
        using TinyLlama tiny = new();
        string text = string.Concat(Enumerable.Repeat("Once upon a time ", 200));
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task tokenising = Task.Run(
            () =>
            {
                while (true)
                {
                    tiny.Model.Vocabulary.Tokenize(text, addSpecial: true, parseSpecial: true);
                    started.TrySetResult();
                }
            },
            TestContext.Current.CancellationToken);
        await started.Task;

        tiny.Model.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => tokenising);
    }

    [Fact]
    public void A_model_quantised_to_eight_bits_loads_and_predicts_nearly_the_same()
    {
        using TinyLlama tiny = new();
        string file = Path.GetTempFileName();
        try
        {
            LlamaQuantizer.Quantize(
                tiny.Runtime, RepositoryFiles.TinyModel("tiny-llama"), file, new LlamaQuantizeOptions { FileType = LlamaFileType.Q8_0, Threads = 1 });

            using LlamaModel quantised = LlamaModel.Load(tiny.Runtime, file, new LlamaModelOptions(), progress: null, CancellationToken.None);
            Assert.Contains("Q8_0", quantised.Description, StringComparison.Ordinal);
            Assert.InRange(quantised.SizeBytes, 1, tiny.Model.SizeBytes / 3);
            using LlamaContext exact = tiny.NewContext();
            using var rough = new LlamaContext(quantised, TinyLlama.Exact);
            float[] expected = TinyLlama.Decode(exact, [63, 94, 319, 614]);
            Assert.Equal(Array.IndexOf(expected, expected.Max()), Best(TinyLlama.Decode(rough, [63, 94, 319, 614])));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Quantising_what_is_not_there_gives_llama_cpps_reason()
    {
        using TinyLlama tiny = new();

        var error = Assert.Throws<LlamaException>(
            () => LlamaQuantizer.Quantize(
                tiny.Runtime, "/no/such.gguf", Path.GetTempPath() + "never.gguf", new LlamaQuantizeOptions { FileType = LlamaFileType.Q8_0 }));

        Assert.NotEmpty(error.Log);
    }

    private static int Best(float[] logits) => Array.IndexOf(logits, logits.Max());
}
