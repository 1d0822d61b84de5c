using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Templates;

/// <summary>How messages are written where templates expect different things.</summary>
/// <param name="WithParts">Content parts stay parts.</param>
/// <param name="ArgumentsAsText">A tool call's arguments are JSON text instead of an object.</param>
/// <param name="EmptyForNull">Missing content is an empty text.</param>
/// <param name="DeveloperAsSystem">The developer's messages count as the system's.</param>
internal readonly record struct MessageStyle(bool WithParts, bool ArgumentsAsText, bool EmptyForNull, bool DeveloperAsSystem);

/// <summary>Messages and tools in the shape in which transformers hands them to templates.</summary>
internal static class MessageValues
{
    public static Sequence Of(IEnumerable<ChatMessage> messages, MessageStyle style) => Sequence.List(messages.Select(message => Of(message, style)));

    public static object? Of(IReadOnlyList<ToolDefinition>? tools) => tools is { Count: > 0 } ? Sequence.List(tools.Select(Of)) : null;

    private static Dict Of(ChatMessage message, MessageStyle style)
    {
        Dict value = new();
        // Roles come from a fixed set, so they are as good as the template's own words.
        value.Set("role", Text.OfTemplate(style.DeveloperAsSystem && message.Role == "developer" ? "system" : message.Role));
        value.Set("content", Content(message, style));
        SetText(value, "name", message.Name);
        SetText(value, "reasoning_content", message.Reasoning);
        SetText(value, "tool_call_id", message.ToolCallId);
        if (message.ToolCalls is { Count: > 0 } calls)
            value.Set("tool_calls", Sequence.List(calls.Select(call => Of(call, style))));
        return value;
    }

    private static object? Content(ChatMessage message, MessageStyle style)
    {
        if (message.Parts is { } parts)
            return style.WithParts ? Sequence.List(parts.Select(PartOf)) : Text.OfData(string.Join('\n', parts));
        return message.Content is { } content ? Text.OfData(content) : style.EmptyForNull ? Text.Empty : null;
    }

    private static Dict PartOf(string text)
    {
        Dict part = new();
        part.Set("type", Text.OfTemplate("text"));
        part.Set("text", Text.OfData(text));
        return part;
    }

    private static Dict Of(ToolCall call, MessageStyle style)
    {
        Dict function = new();
        function.Set("name", Text.OfData(call.Name));
        function.Set("arguments", style.ArgumentsAsText ? Text.OfData(call.Arguments) : JsonValues.OfText(call.Arguments));
        Dict value = new();
        SetText(value, "id", call.Id);
        value.Set("type", Text.OfTemplate("function"));
        value.Set("function", function);
        return value;
    }

    private static Dict Of(ToolDefinition tool)
    {
        Dict function = new();
        function.Set("name", Text.OfData(tool.Name));
        SetText(function, "description", tool.Description);
        if (tool.Parameters.ValueKind != System.Text.Json.JsonValueKind.Undefined)
            function.Set("parameters", JsonValues.Of(tool.Parameters));
        if (tool.IsStrict is { } isStrict)
            function.Set("strict", isStrict);
        Dict value = new();
        value.Set("type", Text.OfTemplate("function"));
        value.Set("function", function);
        return value;
    }

    private static void SetText(Dict value, string key, string? text)
    {
        if (text is not null)
            value.Set(key, Text.OfData(text));
    }
}
