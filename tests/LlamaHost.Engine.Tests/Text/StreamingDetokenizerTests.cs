using System.Text;
using CsCheck;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Text;

namespace LlamaHost.Engine.Tests.Text;

/// <summary>
/// Laws of streaming, on vocabularies where every token is a byte or a short text. Real vocabularies are checked against golden data.
/// </summary>
public sealed class StreamingDetokenizerTests
{
    private static readonly byte[][] Fragments =
    [
        .. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }),
        .. new[] { " the", "é", "日本", "🙂", " ", "a" }.Select(Encoding.UTF8.GetBytes),
        [0xF0, 0x9F], [0x99, 0x82], [0xE6, 0x97], [0xA5, 0x20],
    ];

    private static readonly int[] Common = [0xF0, 0x9F, 0x99, 0x82, 0xE6, 0x97, 0xA5, 0xC3, 0xA9, 0x20, 0x61];

    // Mostly the bytes of real characters, so that many of them become whole.
    private static readonly Gen<int[]> Tokens = Gen.OneOf(
        Gen.Int[0, Fragments.Length - 1],
        Gen.Int[0, 10].Select(index => Common[index])).Array[0, 24];

    [Fact]
    public void Byte_level_pieces_concatenate_to_the_text_of_all_bytes() =>
        Tokens.Sample(tokens =>
        {
            string whole = Encoding.UTF8.GetString([.. tokens.SelectMany(token => Fragments[token])]);
            Assert.Equal(whole, Stream(new Vocabulary(), tokens, skipSpecial: true));
        });

    [Fact]
    public void A_run_of_fallback_bytes_is_text_as_a_whole_or_not_at_all() =>
        Tokens.Sample(
            tokens => Assert.Equal(
                WithByteFallback(tokens), Stream(new Vocabulary { HasByteFallback = true }, [.. tokens.Select(WholeText)], skipSpecial: true)));

    [Fact]
    public void Whole_characters_are_not_held_back()
    {
        var detokenizer = new StreamingDetokenizer(new Vocabulary(), true);
        Assert.Equal(["", "", "", "🙂", "", "é", "a"], new[] { 0xF0, 0x9F, 0x99, 0x82, 0xC3, 0xA9, 0x61 }.Select(detokenizer.Push));
    }

    [Fact]
    public void One_leading_space_goes_and_only_at_the_beginning()
    {
        var spaced = new Vocabulary { StripsLeadingSpace = true, Special = 0x3C };
        Assert.Equal("the the", Stream(spaced, [0x3C, 256, 256], skipSpecial: true));
        Assert.Equal(" the", Stream(spaced, [0x20, 256], skipSpecial: true));
        Assert.Equal("< the", Stream(spaced, [0x3C, 256], skipSpecial: false));
    }

    [Fact]
    public void A_skipped_special_token_does_not_part_the_bytes_of_a_character() =>
        Assert.Equal("é", Stream(new Vocabulary { Special = 0x3C }, [0xC3, 0x3C, 0xA9], skipSpecial: true));

    [Fact]
    public void A_copy_goes_on_from_the_same_state()
    {
        var first = new StreamingDetokenizer(new Vocabulary(), true);
        first.Push(0xC3);
        var copy = new StreamingDetokenizer(first);
        Assert.Equal("é", copy.Push(0xA9));
        Assert.Equal("\uFFFD", first.Flush());
    }

    [Fact]
    public void A_line_break_at_the_end_of_a_prompt_does_not_come_again()
    {
        var detokenizer = new StreamingDetokenizer(new Vocabulary { HasByteFallback = true }, true);
        detokenizer.Push(256);
        detokenizer.Push('\n');

        Assert.Equal("\n", detokenizer.Settle());
        Assert.Equal(" the", detokenizer.Push(256));
    }

    [Fact]
    public void A_character_that_a_prompt_begins_is_completed_by_what_follows()
    {
        var detokenizer = new StreamingDetokenizer(new Vocabulary { HasByteFallback = true }, true);
        detokenizer.Push(0xC3);

        Assert.Equal("", detokenizer.Settle());
        detokenizer.Push(0xA9);
        Assert.Equal("é the", detokenizer.Push(256));
    }

    private static string Stream(Vocabulary vocabulary, int[] tokens, bool skipSpecial)
    {
        var detokenizer = new StreamingDetokenizer(vocabulary, skipSpecial);
        return string.Concat(tokens.Select(detokenizer.Push)) + detokenizer.Flush();
    }

    // In SentencePiece vocabularies only byte tokens hold parts of characters.
    private static int WholeText(int token) => token < 256 || token >= 262 ? token % 256 : token;

    private static string WithByteFallback(int[] tokens)
    {
        var text = new StringBuilder();
        List<byte> run = [];
        foreach (int token in tokens.Select(WholeText).Append(-1))
        {
            if (token is >= 0 and < 256)
            {
                run.Add((byte)token);
                continue;
            }
            string decoded = Encoding.UTF8.GetString([.. run]);
            bool valid = Encoding.UTF8.GetBytes(decoded).SequenceEqual(run);
            text.Append(valid ? decoded : new string('\uFFFD', run.Count));
            run.Clear();
            if (token >= 0)
                text.Append(Encoding.UTF8.GetString(Fragments[token]));
        }
        return text.ToString();
    }

    private sealed class Vocabulary : ITokenizer
    {
        public int Special { get; init; } = -1;

        public bool HasByteFallback { get; init; }

        public bool StripsLeadingSpace { get; init; }

        public int VocabularySize => Fragments.Length;

        public int[] Tokenize(string text, bool addSpecial, bool parseSpecial) => throw new NotSupportedException();

        public ReadOnlySpan<byte> Piece(int token) => Fragments[token];

        public bool IsSpecial(int token) => token == Special;

        public bool IsByte(int token) => HasByteFallback && token < 256;
    }
}
