namespace LlamaHost.Native.Tests;

/// <summary>Grammars over a model's tokens.</summary>
public sealed class GrammarSamplerTests
{
    private const string YesOrNo = """root ::= "yes" | "no" """;

    [Fact]
    public void Tokens_that_continue_the_grammar_are_accepted_and_others_refused()
    {
        using TinyLlama tiny = new();
        using GrammarSampler grammar = GrammarSampler.Parse(tiny.Model, YesOrNo);
        int[] yes = Tokens(tiny, "yes");
        int end = tiny.Model.Vocabulary.EndOfSequence!.Value;
        int other = Assert.Single(Tokens(tiny, "x"));

        Assert.False(grammar.TryAccept(other));
        Assert.False(grammar.TryAccept(end));
        foreach (int token in yes)
            Assert.True(grammar.TryAccept(token));
        Assert.False(grammar.Allows(yes[0]));
        Assert.True(grammar.Allows(end));
    }

    [Fact]
    public void A_clone_goes_its_own_way_and_a_reset_starts_again()
    {
        using TinyLlama tiny = new();
        using GrammarSampler grammar = GrammarSampler.Parse(tiny.Model, YesOrNo);
        int n = Tokens(tiny, "n")[0];
        int o = Tokens(tiny, "o")[0];
        Assert.True(grammar.TryAccept(n));

        using GrammarSampler clone = grammar.Clone();
        Assert.True(clone.TryAccept(o));

        Assert.True(grammar.Allows(o));
        Assert.False(clone.Allows(o));
        clone.Reset();
        Assert.True(clone.Allows(n));
    }

    [Fact]
    public void All_tokens_are_filtered_at_once()
    {
        using TinyLlama tiny = new();
        using GrammarSampler grammar = GrammarSampler.Parse(tiny.Model, YesOrNo);
        int[] all = [.. Enumerable.Range(0, tiny.Model.Vocabulary.Count)];
        var allowed = new bool[all.Length];

        grammar.Filter(all, allowed);

        Assert.Equal(all.Where(token => allowed[token]), all.Where(grammar.Allows));
        Assert.Contains(true, allowed);
        Assert.Contains(false, allowed);
    }

    [Fact]
    public void A_text_that_is_no_grammar_is_refused()
    {
        using TinyLlama tiny = new();

        var error = Assert.Throws<LlamaException>(() => GrammarSampler.Parse(tiny.Model, "root ::= ( unclosed"));

        Assert.NotEmpty(error.Log);
        Assert.Throws<ArgumentException>(() => GrammarSampler.Parse(tiny.Model, " "));
        Assert.Throws<LlamaException>(() => GrammarSampler.Parse(tiny.Model, YesOrNo, root: "start"));
    }

    private static int[] Tokens(TinyLlama tiny, string text) => tiny.Model.Vocabulary.Tokenize(text, addSpecial: false, parseSpecial: false);
}
