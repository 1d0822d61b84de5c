namespace LlamaHost.Chat;

/// <summary>A conversation as the model reads it.</summary>
/// <param name="Spans">Its text, in pieces that know whether the template wrote them.</param>
public sealed record RenderedPrompt(IReadOnlyList<PromptSpan> Spans)
{
    /// <summary>The whole text.</summary>
    public string Text { get; } = string.Concat(Spans.Select(span => span.Text));

    /// <summary>Whether the template wrote the token that begins a sequence, so that nobody else must.</summary>
    /// <param name="bosToken">The token's text.</param>
    public bool BeginsWith(string bosToken) =>
        bosToken.Length > 0 && Spans is [{ IsTemplate: true } first, ..] && first.Text.StartsWith(bosToken, StringComparison.Ordinal);

    /// <summary>Whether the prompt ends within the model's thoughts: the template has opened them for it.</summary>
    /// <param name="open">What begins thoughts.</param>
    /// <param name="close">What ends them.</param>
    public bool EndsWithin(string open, string close)
    {
        int opened = Text.LastIndexOf(open, StringComparison.Ordinal);
        return opened >= 0
            && Text.AsSpan(opened + open.Length).Trim().IsEmpty
            && Text.LastIndexOf(close, StringComparison.Ordinal) < opened;
    }

    /// <summary>
    /// Cuts the prompt at the control tokens that the template wrote. What looks like one in messages or tools stays part of the plain text
    /// around it, which is to be tokenised as a whole: tokens may well reach across the borders of <see cref="Spans"/>.
    /// </summary>
    /// <param name="controlTokens">Texts of the control tokens. The longest that matches at a place wins.</param>
    /// <returns>The pieces in order; each is one control token or plain text.</returns>
    public IEnumerable<PromptPiece> Cut(IEnumerable<string> controlTokens)
    {
        List<string> tokens = [.. controlTokens.Where(token => token.Length > 0).OrderByDescending(token => token.Length)];
        ILookup<char, string> byFirst = tokens.ToLookup(token => token[0]);
        int plainStart = 0;
        int spanStart = 0;
        foreach (PromptSpan span in Spans)
        {
            int spanEnd = spanStart + span.Text.Length;
            for (int i = spanStart; span.IsTemplate && i < spanEnd;)
            {
                string? token = byFirst[Text[i]].FirstOrDefault(
                    one => one.Length <= spanEnd - i && string.CompareOrdinal(Text, i, one, 0, one.Length) == 0);
                if (token is null)
                {
                    i++;
                    continue;
                }
                if (i > plainStart)
                    yield return new PromptPiece(Text[plainStart..i], IsControlToken: false);
                yield return new PromptPiece(token, IsControlToken: true);
                i += token.Length;
                plainStart = i;
            }
            spanStart = spanEnd;
        }
        if (plainStart < Text.Length)
            yield return new PromptPiece(Text[plainStart..], IsControlToken: false);
    }
}

/// <summary>A piece of a prompt as the tokeniser should see it.</summary>
/// <param name="Text">Its text, not empty.</param>
/// <param name="IsControlToken">Whether it is one control token; else plain text, in which no control token counts.</param>
public readonly record struct PromptPiece(string Text, bool IsControlToken);
