namespace LlamaHost.Grammars.RegularExpressions;

/// <summary>What a regular expression lets through, with its anchors resolved.</summary>
internal static class RegexGrammar
{
    /// <summary>The texts that it matches from their beginning to their end.</summary>
    public static GrammarNode Whole(string pattern) => Resolve(new RegexParser(pattern).Parse(), isSearch: false, isStarted: false, isEnded: false);

    /// <summary>The texts that have a match somewhere, as JSON Schema's <c>pattern</c> means it.</summary>
    public static GrammarNode Search(string pattern) => Resolve(new RegexParser(pattern).Parse(), isSearch: true, isStarted: false, isEnded: false);

    private static GrammarNode Resolve(GrammarNode node, bool isSearch, bool isStarted, bool isEnded)
    {
        if (node is ChoiceNode choice)
            return GrammarNode.Choice(choice.Options.Select(option => Resolve(option, isSearch, isStarted, isEnded)));
        List<GrammarNode> parts = node is SequenceNode sequence ? [.. sequence.Parts] : [node];
        while (parts is [AnchorNode { IsStart: true }, ..])
        {
            isStarted = true;
            parts.RemoveAt(0);
        }
        while (parts is [.., AnchorNode { IsStart: false }])
        {
            isEnded = true;
            parts.RemoveAt(parts.Count - 1);
        }
        // (^|a)b: each way to begin, or to end, is a way of its own.
        foreach (int place in (int[])[0, parts.Count - 1])
        {
            if (place >= 0 && place < parts.Count && parts[place] is ChoiceNode ways && AnchorNode.In(ways) is not null)
                return GrammarNode.Choice(ways.Options.Select(way =>
                    Resolve(GrammarNode.Sequence([.. parts[..place], way, .. parts[(place + 1)..]]), isSearch, isStarted, isEnded)));
        }
        if (parts.Select(AnchorNode.In).FirstOrDefault(found => found is not null) is { } anchor)
            throw new GrammarException(
                $"{(anchor.IsStart ? '^' : '$')} is supported only at the beginning or the end.", RegexParser.Place(anchor.Position));
        if (isSearch && !isStarted)
            parts.Insert(0, GrammarNode.Anything);
        if (isSearch && !isEnded)
            parts.Add(GrammarNode.Anything);
        return GrammarNode.Sequence(parts);
    }
}
