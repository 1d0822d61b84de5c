namespace LlamaHost.Server.OpenAi.Completions;

/// <summary>Finds each token's part of a text.</summary>
internal static class PromptText
{
    private const char Incomplete = '\uFFFD';

    /// <summary>
    /// The text cut into the parts that the tokens stand for; together they are the text. Tokens that are not in the text, such as the begin token,
    /// get an empty part. A character that several tokens share belongs to the first of them.
    /// </summary>
    /// <param name="text">The text that was tokenised.</param>
    /// <param name="pieces">Each token's own text; parts of characters as U+FFFD.</param>
    public static IReadOnlyList<string> Split(string text, IReadOnlyList<string> pieces)
    {
        int[] ends = new int[pieces.Count];
        int place = 0;
        for (int i = 0; i < pieces.Count; i++)
        {
            string piece = pieces[i];
            ReadOnlySpan<char> rest = text.AsSpan(place);
            if (rest.StartsWith(piece, StringComparison.Ordinal))
                place += piece.Length;
            // SentencePiece begins a text with a space that is not there.
            else if (piece is [' ', ..] && rest.StartsWith(piece.AsSpan(1), StringComparison.Ordinal))
                place += piece.Length - 1;
            else if (piece.Contains(Incomplete, StringComparison.Ordinal))
                place = EndOfIncomplete(text, place, pieces, i);
            ends[i] = place;
        }
        if (ends.Length > 0)
            ends[^1] = text.Length;
        return [.. ends.Select((end, index) => text[(index == 0 ? 0 : ends[index - 1])..end])];
    }

    // Up to where the next whole token goes on: that one is found, because the text came from these tokens.
    private static int EndOfIncomplete(string text, int place, IReadOnlyList<string> pieces, int index)
    {
        for (int next = index + 1; next < pieces.Count; next++)
        {
            if (pieces[next].Length == 0 || pieces[next].Contains(Incomplete, StringComparison.Ordinal))
                continue;
            int found = text.IndexOf(pieces[next], place, StringComparison.Ordinal);
            return found < 0 ? place : found;
        }
        return text.Length;
    }
}
