namespace LlamaHost.Chat.Jinja.Values;

/// <summary>Text that counts as HTML, as far as chat templates meet it.</summary>
internal static class Markup
{
    /// <summary>Joins two texts. If one of them is markup, the plain one is escaped and the whole is markup.</summary>
    public static Text Join(Rendering rendering, Text first, Text second)
    {
        if (!first.IsMarkup && !second.IsMarkup)
            return rendering.NewText().Append(first).Append(second).ToText();
        return rendering.NewText().Append(Escape(rendering, first)).Append(Escape(rendering, second)).ToText().AsMarkup();
    }

    /// <summary>Replaces what means something in HTML, unless the text is markup already.</summary>
    public static Text Escape(Rendering rendering, Text text)
    {
        if (text.IsMarkup)
            return text;
        TextBuilder escaped = rendering.NewText();
        for (int i = 0; i < text.Length; i++)
        {
            escaped.Append(
                text.Value[i] switch
                {
                    '&' => "&amp;",
                    '<' => "&lt;",
                    '>' => "&gt;",
                    '"' => "&#34;",
                    '\'' => "&#39;",
                    char c => c.ToString(),
                }, text.IsData(i));
        }
        return escaped.ToText().AsMarkup();
    }
}
