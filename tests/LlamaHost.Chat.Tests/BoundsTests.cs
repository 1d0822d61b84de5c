namespace LlamaHost.Chat.Tests;

public sealed class BoundsTests
{
    [Theory]
    [InlineData("{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}{% endfor %}")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}")]
    [InlineData("{{ 'x' * 999999999999 }}")]
    [InlineData("{{ [0] * 999999999 }}")]
    [InlineData("{{ '%999999d' % 1 * 999999 }}")]
    [InlineData("{{ range(100000000) }}")]
    [InlineData("{{ 'a' | center(2000000000) }}")]
    [InlineData("{{ 'a' | indent(2000000000, true) }}")]
    [InlineData("{{ 9 ** 9 ** 9 ** 9 }}")]
    [InlineData("{% set ns = namespace(x='abcdefgh') %}{% for i in range(100) %}{% set ns.x = ns.x + ns.x %}{% endfor %}")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(100) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x == ns.x }}")]
    [InlineData("{% set ns = namespace(x=[1]) %}{% for i in range(99999) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}")]
    [InlineData("{% set ns = namespace() %}{% set ns.me = ns %}{{ ns }}")]
    [InlineData("{{ ('a' * 200000 ~ 'b' ~ 'a' * 200000) in 'a' * 2000000 }}")]
    [InlineData("{{ ('a' * 2000000).split('a' * 200000 ~ 'b' ~ 'a' * 200000) }}")]
    [InlineData("{{ ('a' * 2000000).find('a' * 200000 ~ 'b' ~ 'a' * 200000) }}")]
    [InlineData("{{ ('a' * 2000000) | replace('a' * 200000 ~ 'b' ~ 'a' * 200000, '') }}")]
    [InlineData("{{ ('a' * 2000000) | replace('', '-') }}")]
    [InlineData("{{ ('<!--' * 500000) | striptags }}")]
    [InlineData("{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}")]
    public void A_template_that_would_never_end_or_fill_the_memory_is_stopped(string source) =>
        Assert.Throws<ChatTemplateException>(
            () => Recorded.Spans(source, _ => { }, new TemplateLimits { MaxSteps = 1_000_000, MaxCharacters = 10_000_000 }));

    [Theory]
    [InlineData("(", ")")]
    [InlineData("[", "]")]
    [InlineData("-", "")]
    [InlineData("not ", "")]
    [InlineData("{1: ", "}")]
    [InlineData("1 if 1 else ", "")]
    public void Deep_nesting_is_refused(string open, string close) =>
        Assert.Throws<ChatTemplateException>(
            () => Recorded.Spans($"{{{{ {Repeat(open, 20_000)}1{Repeat(close, 20_000)} }}}}", _ => { }));

    [Theory]
    [InlineData("+ 1")]
    [InlineData("| string")]
    [InlineData(".a")]
    [InlineData("or 0")]
    public void A_long_chain_is_evaluated_or_refused_and_never_overflows_the_stack(string link)
    {
        string source = "{{ x " + Repeat(link + " ", 200_000) + "}}";

        Assert.Throws<ChatTemplateException>(() => Recorded.Spans(source, _ => { }));
    }

    [Fact]
    public void Many_blocks_within_each_other_are_refused() =>
        Assert.Throws<ChatTemplateException>(
            () => Recorded.Spans(Repeat("{% if 1 %}", 10_000) + Repeat("{% endif %}", 10_000), _ => { }));

    [Fact]
    public void Rendering_can_be_cancelled()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(
            () => ChatTemplate.Parse("{% for a in range(99999) %}{% endfor %}").Render(
                new TemplateInput([]), Recorded.Clock, null, cancelled.Token));
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
