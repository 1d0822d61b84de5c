using System.Text.RegularExpressions;
using CsCheck;
using LlamaHost.Grammars.Tests.Harness;

namespace LlamaHost.Grammars.Tests.RegularExpressions;

public sealed class RegexTests
{
    private static readonly Gen<string> Atom = Gen.OneOf("a", "b", "c", "[ab]", "[^a]", ".", "\\d", "\\w", "é", "\\x61", "\\s", "1");

    private static readonly Gen<string> Pattern = Gen.Recursive<string>((depth, inner) => depth > 3 ? Atom : Gen.Frequency(
        (3, Atom),
        (2, Gen.Select(inner, inner, (one, other) => one + other)),
        (1, Gen.Select(inner, inner, (one, other) => $"(?:{one}|{other})")),
        (2, Gen.Select(inner, Gen.OneOf("*", "+", "?", "{2}", "{1,3}", "{0,2}", "*?"), (one, many) => $"({one}){many}"))));

    private static readonly Gen<string> Text = Gen.OneOf('a', 'b', 'c', '1', 'é', ' ', '_').Array[0, 6].Select(characters => new string(characters));

    [Fact]
    public void Whole_matches_are_those_of_dot_net() => Gen.Select(Pattern, Text.Array[8]).Sample((pattern, texts) =>
    {
        Texts grammar = new(Grammar.FromRegex(pattern));
        Regex regex = DotNet(pattern);
        return texts.All(text => grammar.Accepts(text) == regex.IsMatch(text));
    });

    [Fact]
    public void Random_texts_of_a_pattern_match_it() => Gen.Select(Pattern, Gen.Int).Sample((pattern, seed) =>
    {
        string? text = new Texts(Grammar.FromRegex(pattern)).Draw(new Random(seed), 200);
        return text is null || text.Any(character => character > 127) || DotNet(pattern).IsMatch(text);
    });

    // \w and \d of ASCII, as ECMAScript has them; and without backtracking, whose stack overflows on some of the patterns.
    private static Regex DotNet(string pattern) => new(
        $@"\A(?:{pattern.Replace("\\d", "[0-9]", StringComparison.Ordinal).Replace("\\w", "[a-zA-Z0-9_]", StringComparison.Ordinal)})\z",
        RegexOptions.NonBacktracking);

    [Theory]
    [InlineData("^ab$", "ab")]
    [InlineData("(^a|^b)c", "ac", "bc")]
    [InlineData("[\\u{1F642}\\uD83D\\uDE43]", "🙂", "🙃")]
    [InlineData("\\p{Lu}\\p{L}*", "Ünï")]
    [InlineData("[^]", "\n", "é")]
    [InlineData("\\.\\-\\/\\]", ".-/]")]
    [InlineData("(?<year>\\d{4})", "2024")]
    [InlineData("a{2,}", "aa", "aaa")]
    public void Notations_are_known(string pattern, params string[] texts)
    {
        Texts grammar = new(Grammar.FromRegex(pattern));

        Assert.All(texts, text => Assert.True(grammar.Accepts(text), text));
    }

    [Theory]
    [InlineData("a(?=b)", "character 2")]
    [InlineData("(?<!a)b", "character 1")]
    [InlineData("(a)\\1", "character 4")]
    [InlineData("a\\b", "character 2")]
    [InlineData("a^b", "character 2")]
    [InlineData("(a", "character 1")]
    [InlineData("a)", "character 2")]
    [InlineData("[a", "character 1")]
    [InlineData("a**", "character 3")]
    [InlineData("a++", "character 3")]
    [InlineData("+a", "character 1")]
    [InlineData("a{2,1}", "character 2")]
    [InlineData("a{1000000}", "character 2")]
    [InlineData("(?i)a", "character 1")]
    [InlineData("\\q", "character 1")]
    [InlineData("\\p{Greek}", "character 1")]
    [InlineData("[z-a]", "character 2")]
    public void What_is_not_supported_is_refused_with_its_place(string pattern, string place) =>
        Assert.Equal(place, Assert.Throws<GrammarException>(() => Grammar.FromRegex(pattern)).Place);

    [Theory]
    [InlineData("(a+)+b")]
    [InlineData("(a|a)*b")]
    [InlineData("(a|aa)+b")]
    [InlineData("(.*a){20}b")]
    [InlineData("[ab]*a[ab]{100}b")]
    public void Catastrophic_patterns_cost_little(string pattern)
    {
        long start = TimeProvider.System.GetTimestamp();
        Texts grammar = new(Grammar.FromRegex(pattern));

        Assert.True(grammar.Accepts(new string('a', 200) + "b"));
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
    }
}
