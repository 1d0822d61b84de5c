namespace LlamaHost.Grammars.RegularExpressions;

/// <summary>The beginning or the end of the text, within a regular expression that is being read.</summary>
internal sealed record AnchorNode(bool IsStart, int Position) : GrammarNode
{
    /// <summary>An anchor somewhere within a node.</summary>
    public static AnchorNode? In(GrammarNode node) => node switch
    {
        AnchorNode anchor => anchor,
        SequenceNode sequence => sequence.Parts.Select(In).FirstOrDefault(found => found is not null),
        ChoiceNode choice => choice.Options.Select(In).FirstOrDefault(found => found is not null),
        RepeatNode repeat => In(repeat.Part),
        _ => null,
    };
}
