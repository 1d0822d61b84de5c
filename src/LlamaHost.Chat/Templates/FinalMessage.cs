namespace LlamaHost.Chat.Templates;

/// <summary>Ends a prompt with its last message's text, as transformers' <c>continue_final_message</c> does.</summary>
internal static class FinalMessage
{
    /// <exception cref="ChatTemplateException">The template changed or left out the text.</exception>
    public static RenderedPrompt Cut(RenderedPrompt prompt, IReadOnlyList<ChatMessage> messages)
    {
        string message = messages is [.., var last] ? (last.Parts is [.., var part] ? part : last.Content) ?? "" : "";
        int at = prompt.Text.LastIndexOf(message.Trim(), StringComparison.Ordinal);
        if (message.Trim().Length == 0 || at < 0)
            throw new ChatTemplateException("The last message can't be continued: the template leaves its text out or changes it.");
        string untrimmedEnd = message.TrimStart();
        int length = string.CompareOrdinal(prompt.Text, at, untrimmedEnd, 0, untrimmedEnd.Length) == 0 ? untrimmedEnd.Length : message.Trim().Length;
        return new RenderedPrompt(First(prompt.Spans, at + length));
    }

    private static List<PromptSpan> First(IReadOnlyList<PromptSpan> spans, int length)
    {
        List<PromptSpan> first = [];
        foreach (PromptSpan span in spans)
        {
            if (length <= 0)
                break;
            first.Add(span with { Text = span.Text[..Math.Min(length, span.Text.Length)] });
            length -= span.Text.Length;
        }
        return first;
    }
}
