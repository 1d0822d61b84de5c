using System.Text;
using System.Text.Json;
using LlamaHost.Engine.Execution;
using LlamaHost.Native;
using LlamaHost.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaHost.Engine.Tests.Execution;

/// <summary>The tokenizer against Hugging Face's, on the golden texts.</summary>
public sealed class LlamaTokenizerTests
{
    public static TheoryData<string> Models => ["SmolLM2-135M-Instruct.Q4_1.gguf", "tiny-llama.gguf", "tiny-llama-spm.gguf", "tiny-t5.gguf"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Texts_become_the_token_ids_of_Hugging_Face(string file)
    {
        using JsonDocument golden = RepositoryFiles.Golden("tokenizer");
        using LoadedVocabulary loaded = new(file);

        List<string> differences = [];
        int cases = 0;
        foreach (JsonElement one in golden.RootElement.GetProperty("encode").GetProperty(file).EnumerateArray())
        {
            string text = one.GetProperty("text").GetString()!;
            int[] expected = [.. one.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            int[] actual = loaded.Tokenizer.Tokenize(text, addSpecial: true, parseSpecial: true);
            if (!actual.SequenceEqual(expected))
                differences.Add($"{JsonSerializer.Serialize(text)}: [{string.Join(", ", actual)}] instead of [{string.Join(", ", expected)}]");
            cases++;
        }

        Assert.Empty(differences);
        Assert.True(cases > 100);
    }

    [Theory]
    [InlineData("SmolLM2-135M-Instruct.Q4_1.gguf")]
    [InlineData("tiny-llama.gguf")]
    public void Pieces_of_byte_level_tokens_joined_are_the_decoded_text(string file)
    {
        using JsonDocument golden = RepositoryFiles.Golden("tokenizer");
        using LoadedVocabulary loaded = new(file);

        foreach (string set in (string[])["encode", "decode"])
        {
            foreach (JsonElement one in golden.RootElement.GetProperty(set).GetProperty(file).EnumerateArray())
            {
                int[] ids = [.. one.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
                Assert.Equal(one.GetProperty("decoded").GetString(), Join(loaded.Tokenizer, ids, withSpecial: false));
                Assert.Equal(one.GetProperty("decoded_with_special").GetString(), Join(loaded.Tokenizer, ids, withSpecial: true));
            }
        }
    }

    [Fact]
    public void Byte_level_vocabulary_has_no_byte_fallback_and_keeps_leading_spaces()
    {
        using LoadedVocabulary loaded = new("tiny-llama.gguf");

        Assert.Equal(1024, loaded.Tokenizer.VocabularySize);
        Assert.False(loaded.Tokenizer.StripsLeadingSpace);
        Assert.DoesNotContain(true, Enumerable.Range(0, 1024).Select(loaded.Tokenizer.IsByte));
        Assert.Equal([true, true, true], Enumerable.Range(0, 3).Select(loaded.Tokenizer.IsSpecial));
        Assert.Equal("<|im_end|>"u8, loaded.Tokenizer.Piece(2));
    }

    [Fact]
    public void Sentence_piece_vocabulary_has_one_byte_tokens_and_strips_the_prefix_space()
    {
        using LoadedVocabulary loaded = new("tiny-llama-spm.gguf");
        LlamaTokenizer tokenizer = loaded.Tokenizer;

        Assert.True(tokenizer.StripsLeadingSpace);
        Assert.Equal(["<unk>", "<s>", "</s>"], Enumerable.Range(0, 3).Select(token => Encoding.UTF8.GetString(tokenizer.Piece(token))));
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(tokenizer.IsSpecial));
        int[] bytes = [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(tokenizer.IsByte)];
        Assert.Equal(Enumerable.Range(0, 256).Select(value => (byte)value), bytes.Select(token => Assert.Single(tokenizer.Piece(token).ToArray())));
        int[] words = tokenizer.Tokenize("the", addSpecial: false, parseSpecial: false);
        Assert.StartsWith(" ", Encoding.UTF8.GetString(tokenizer.Piece(words[0])), StringComparison.Ordinal);
    }

    [Fact]
    public void Special_tokens_in_a_text_are_text_unless_asked_for()
    {
        using LoadedVocabulary loaded = new("tiny-llama.gguf");

        Assert.Equal([2], loaded.Tokenizer.Tokenize("<|im_end|>", addSpecial: false, parseSpecial: true));
        int[] plain = loaded.Tokenizer.Tokenize("<|im_end|>", addSpecial: false, parseSpecial: false);
        Assert.DoesNotContain(2, plain);
        Assert.Equal("<|im_end|>", Join(loaded.Tokenizer, plain, withSpecial: false));
    }

    [Fact]
    public void A_lone_surrogate_and_a_zero_character_are_text_like_any_other()
    {
        using LoadedVocabulary loaded = new("tiny-llama-spm.gguf");

        int[] replacement = loaded.Tokenizer.Tokenize("a\uFFFDb", addSpecial: false, parseSpecial: true);
        Assert.Equal(replacement, loaded.Tokenizer.Tokenize("a\uD800b", addSpecial: false, parseSpecial: true));
        int[] zero = loaded.Tokenizer.Tokenize("a\0b", addSpecial: false, parseSpecial: true);
        Assert.Equal(" a\0b", Join(loaded.Tokenizer, zero, withSpecial: false));
    }

    private static string Join(LlamaTokenizer tokenizer, IEnumerable<int> ids, bool withSpecial) =>
        Encoding.UTF8.GetString([.. ids.Where(id => withSpecial || !tokenizer.IsSpecial(id)).SelectMany(id => tokenizer.Piece(id).ToArray())]);

    private sealed class LoadedVocabulary : IDisposable
    {
        private readonly LlamaRuntime _runtime = LlamaRuntime.Open(folder: null, NullLogger.Instance);
        private readonly LlamaModel _model;

        public LoadedVocabulary(string file)
        {
            string path = file.StartsWith("tiny-", StringComparison.Ordinal)
                ? RepositoryFiles.TinyModel(Path.GetFileNameWithoutExtension(file))
                : RepositoryFiles.DefaultModel;
            _model = LlamaModel.Load(_runtime, path, new LlamaModelOptions { VocabularyOnly = true }, progress: null, CancellationToken.None);
            Tokenizer = new LlamaTokenizer(_model);
        }

        public LlamaTokenizer Tokenizer { get; }

        public void Dispose()
        {
            _model.Dispose();
            _runtime.Dispose();
        }
    }
}
