using LlamaHost.Grammars.Tests.Harness;

namespace LlamaHost.Grammars.Tests.Gbnf;

public sealed class GbnfTests
{
    private const string Arithmetic = """
        # Sums of products, as in llama.cpp's examples.
        root  ::= (expr "=" term "\n")+
        expr  ::= term ([-+*/] term)*
        term  ::= ident | num | "(" ws expr ")" ws
        ident ::= [a-z] [a-z0-9_]* ws
        num   ::= [0-9]+ ws
        ws    ::= [ \t\n]*
        """;

    [Theory]
    [InlineData("root ::= \"a\" | \"b\"", "a", "b")]
    [InlineData("root ::= \"ab\"*", "", "ab", "abab")]
    [InlineData("root ::= \"a\"{2,3} \"b\"{2} \"c\"{1,} \"d\"{,1}", "aabbc", "aaabbccd")]
    [InlineData("root ::= [^a-c] .", "dd", "é🙂")]
    [InlineData("root ::= [\\x41\\u00e9\\U0001F642\\]-]", "A", "é", "🙂", "]", "-")]
    [InlineData("root ::= \"\\\"\\\\\\n\\t\" # a comment\n", "\"\\\n\t")]
    [InlineData("root ::= (\n \"a\"\n | b\n)+\nb ::= \"b\"", "ab", "bb")]
    [InlineData("root ::=\n \"a\" |\n \"b\"", "a", "b")]
    [InlineData("root ::= (\"a\"? \"b\"?)* \"c\"", "c", "abbac")]
    [InlineData("root ::= \"(\" root? \")\"", "()", "((()))")]
    [InlineData("root ::= \"a\" root | \"\"", "", "aaaa")]
    [InlineData("root ::= x{0,5}\nx ::= [a-b] [0-9]+", "a1b22", "")]
    [InlineData(Arithmetic, "(a+1)*3=x\n", "1=1\n")]
    public void Texts_of_the_grammar_match(string grammar, params string[] texts)
    {
        Texts read = Texts.Gbnf(grammar);
        Texts written = new(Grammar.FromGbnf(Grammar.FromGbnf(grammar).ToGbnf()));

        Assert.All(texts, text => Assert.True(read.Accepts(text) && written.Accepts(text), text));
    }

    [Theory]
    [InlineData("root ::= \"a\" | \"b\"", "", "ab", "c")]
    [InlineData("root ::= \"a\"{2,3} \"b\"{2}", "abb", "aaaabb", "aab")]
    [InlineData("root ::= [^a-c]", "a", "c", "dd", "")]
    [InlineData("root ::= \"(\" root? \")\"", "(()", "())", "")]
    [InlineData(Arithmetic, "(a+1=x\n", "1=1", "=1\n")]
    public void Other_texts_do_not(string grammar, params string[] texts)
    {
        Texts read = Texts.Gbnf(grammar);
        Texts written = new(Grammar.FromGbnf(Grammar.FromGbnf(grammar).ToGbnf()));

        Assert.All(texts, text => Assert.False(read.Accepts(text) || written.Accepts(text), text));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("a ::= \"b\"", "")]
    [InlineData("root ::= \"a\nb", "line 2, column 2")]
    [InlineData("root ::= x", "line 1, column 10")]
    [InlineData("root ::= \"a\"\nroot ::= \"b\"", "line 2, column 1")]
    [InlineData("root = \"a\"", "line 1, column 6")]
    [InlineData("root ::= (\"a\"", "line 1, column 10")]
    [InlineData("root ::= \"a\")", "line 1, column 13")]
    [InlineData("root ::= *", "line 1, column 10")]
    [InlineData("root ::= \"a\"{3,2}", "line 1, column 13")]
    [InlineData("root ::= \"a\"{9999999}", "line 1, column 14")]
    [InlineData("root ::= [b-a]", "line 1, column 13")]
    [InlineData("root ::= \"\\q\"", "line 1, column 11")]
    [InlineData("root ::= \"\\ud800\"", "line 1, column 13")]
    [InlineData("root ::= <think>", "line 1, column 10")]
    [InlineData("root ::= <[x]>", "line 1, column 12")]
    [InlineData("root ::= <[7>", "line 1, column 13")]
    [InlineData("root ::= !<[7]>", "line 1, column 10")]
    [InlineData("root ::= root \"a\" | \"b\"", "")]
    [InlineData("root ::= a?\na ::= b* root \"c\"\nb ::= \"b\"", "")]
    [InlineData("root ::= \"a\" root", "")]
    [InlineData("root ::= []", "")]
    public void What_is_no_grammar_is_refused_with_its_place(string grammar, string place) =>
        Assert.Equal(place, Assert.Throws<GrammarException>(() => Texts.Gbnf(grammar)).Place);

    [Fact]
    public void Parts_that_no_text_gets_through_are_never_entered()
    {
        Texts texts = Texts.Gbnf("root ::= \"a\" endless | \"b\"\nendless ::= \"c\" endless");

        Assert.False(texts.Begins("a"));
        Assert.True(texts.Accepts("b"));
    }

    [Theory]
    [InlineData("root ::= ((((((\"a\"*)*)*)*)*)*)* \"b\"")]
    [InlineData("root ::= s \"b\"\ns ::= \"a\" s? \"a\"? | \"a\" \"a\" s?")]
    [InlineData("root ::= (\"a\" | \"aa\" | \"aaa\")* \"b\"")]
    [InlineData("root ::= (\"a\"? \"a\"?){0,50} \"b\"")]
    public void Ambiguity_costs_little(string grammar)
    {
        Texts texts = Texts.Gbnf(grammar);
        long start = TimeProvider.System.GetTimestamp();

        Assert.True(texts.Accepts(new string('a', 100) + "b"));
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("root ::= ((\"a\"{1000}){1000}){1000}")]
    [InlineData("root ::= \"\" {99999} x\nx ::= ([a-z] \"b\"){1000} ([a-z] \"b\"){99999} ([a-z] x{5} \"b\"){99999} \"c\"{99999} \"d\"{99999}")]
    public void What_unrolls_to_too_much_is_refused(string grammar)
    {
        long start = TimeProvider.System.GetTimestamp();
        try
        {
            Texts.Gbnf(grammar);
        }
        catch (GrammarException)
        {
            // Refused or small after all; what counts is the time.
        }
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Deep_nesting_is_refused() => Assert.Throws<GrammarException>(() =>
        Texts.Gbnf($"root ::= {new string('(', 100_000)}\"a\"{new string(')', 100_000)}"));
}
