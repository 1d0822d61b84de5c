using LlamaHost.Grammars.Automata;

namespace LlamaHost.Grammars;

public sealed partial class GrammarBuilder
{
    /// <summary>Any text in which none of some texts occurs, and that begins, white space aside, with none of some characters.</summary>
    /// <param name="unwanted">The texts, none of them empty.</param>
    /// <param name="first">The characters; <see langword="null"/>: none.</param>
    /// <exception cref="GrammarException">They are too many.</exception>
    public GrammarNode TextWithout(IEnumerable<string> unwanted, CharSet? first = null)
    {
        GrammarNode space = GrammarNode.Repeat(GrammarNode.Of(CharSet.AnyOf(" \t\r\n")), 0, null);
        GrammarNode with = GrammarNode.Choice(
            GrammarNode.Sequence(GrammarNode.Anything, GrammarNode.Choice(unwanted.Select(GrammarNode.Text)), GrammarNode.Anything),
            GrammarNode.Sequence(space, GrammarNode.Of(first ?? CharSet.None), GrammarNode.Anything));
        return CharDfa.Of(with).Not().ToNode(this, "text", GrammarNode.Of);
    }
}
