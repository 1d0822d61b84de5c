namespace LlamaHost.Chat.Templates;

/// <summary>The ways to write a conversation, most faithful first.</summary>
internal static class MessageStyles
{
    public static IEnumerable<MessageStyle> For(IReadOnlyList<ChatMessage> messages) =>
        from developerAsSystem in Choices(messages.Any(IsDeveloper), first: false)
        from argumentsAsText in Choices(messages.Any(message => message.ToolCalls is { Count: > 0 }), first: false)
        from emptyForNull in Choices(messages.Any(message => message is { Content: null, Parts: null }), first: false)
        from withParts in Choices(messages.Any(message => message.Parts is not null), first: true)
        select new MessageStyle(withParts, argumentsAsText, emptyForNull, developerAsSystem);

    /// <summary>Whether the template understood the messages: no text of parts is missing or shown as a list, no developer is left out.</summary>
    public static bool Suits(IReadOnlyList<ChatMessage> messages, MessageStyle style, RenderedPrompt prompt)
    {
        bool showsList = prompt.Text.Contains("'type': 'text'", StringComparison.Ordinal)
            || prompt.Text.Contains("\"type\": \"text\"", StringComparison.Ordinal);
        if (style.WithParts && (showsList
            || messages.Any(message => message.Parts?.Any(part => !Shows(prompt, part)) == true)))
            return false;
        return style.DeveloperAsSystem || messages.Where(IsDeveloper).All(
            message => message.Content is null || Shows(prompt, message.Content));
    }

    private static bool Shows(RenderedPrompt prompt, string text) => prompt.Text.Contains(text.Trim(), StringComparison.Ordinal);

    private static bool IsDeveloper(ChatMessage message) => message.Role == "developer";

    private static bool[] Choices(bool matters, bool first) => matters ? [first, !first] : [false];
}
