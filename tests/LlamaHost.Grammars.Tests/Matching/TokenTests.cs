using System.Text;
using LlamaHost.Grammars.Matching;

namespace LlamaHost.Grammars.Tests.Matching;

/// <summary>Tokens without text in grammars.</summary>
public sealed class TokenTests
{
    private const string Call = "root ::= text (<[300]> call)?\ntext ::= [^(]*\ncall ::= \"f(\" [0-9]+ \")\" <[6]>";

    // Three control tokens among words, and as many without text as it takes to need more than one digit.
    private static readonly string[] Words = ["a", "ab", "f", "(", "f(", "1", "", "12", ")", ")a", "é", .. Enumerable.Repeat("", 300)];

    private static readonly TokenTrie Vocabulary = new(Words.Length, token => Encoding.UTF8.GetBytes(Words[token]));

    [Theory]
    [InlineData(true, 0, 10)]
    [InlineData(true, 0, 300, 4, 5, 7, 8, 6)]
    [InlineData(true, 300, 2, 3, 5, 8, 6)]
    [InlineData(false, 6)]
    [InlineData(false, 0, 301)]
    [InlineData(false, 300, 4, 5, 8)]
    [InlineData(false, 300, 300)]
    [InlineData(false, 4)]
    public void A_token_without_text_matches_by_its_id_alone(bool matches, params int[] tokens)
    {
        Grammar grammar = Grammar.FromGbnf(Call);

        Assert.Equal(matches, Advance(grammar, tokens).CanEnd);
        Assert.Equal(matches, Advance(Grammar.FromGbnf(grammar.ToGbnf()), tokens).CanEnd);
    }

    [Fact]
    public void The_mask_says_of_each_token_whether_it_may_follow()
    {
        var matcher = new GrammarMatcher(Grammar.FromGbnf(Call), Vocabulary);
        GrammarState state = matcher.Start;
        foreach (int token in (int[])[0, 300, 4, 7, 8, 6])
        {
            ReadOnlyMemory<ulong> mask = matcher.Mask(state);
            Assert.All(Enumerable.Range(0, Words.Length), one => Assert.Equal(
                !matcher.Advance(state, Vocabulary.Bytes(one)).IsDead, (mask.Span[one / 64] >> (one % 64) & 1) != 0));
            state = matcher.Advance(state, Vocabulary.Bytes(token));
        }
        Assert.True(state.IsComplete);
    }

    [Theory]
    [InlineData("root ::= <[0]>")]
    [InlineData("root ::= \"a\" <[311]>")]
    public void Tokens_with_a_text_and_what_is_no_token_are_refused(string grammar) =>
        Assert.Throws<GrammarException>(() => new GrammarMatcher(Grammar.FromGbnf(grammar), Vocabulary));

    private static GrammarState Advance(Grammar grammar, int[] tokens)
    {
        var matcher = new GrammarMatcher(grammar, Vocabulary);
        return tokens.Aggregate(matcher.Start, (state, token) => matcher.Advance(state, Vocabulary.Bytes(token)));
    }
}
