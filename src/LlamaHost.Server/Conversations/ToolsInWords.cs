using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlamaHost.Chat;

namespace LlamaHost.Server.Conversations;

/// <summary>
/// Tells a model of its tools in words where its template can't: in the system's message, with calls and their answers written as Hermes models
/// know them. Source: NousResearch, "Hermes Function Calling".
/// </summary>
internal static class ToolsInWords
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The conversation without tools, and with words for them.</summary>
    public static Conversation Tell(Conversation conversation)
    {
        bool isAboutTools = conversation.Tools.Count > 0
            || conversation.Messages.Any(message => message.Role == "tool" || message.ToolCalls is { Count: > 0 });
        if (!isAboutTools)
            return conversation;
        List<ChatMessage> messages = [.. conversation.Messages.Select(InWords)];
        if (conversation.Tools.Count > 0)
            Introduce(messages, Introduction(conversation.Tools));
        return conversation with { Messages = messages, Tools = [] };
    }

    private static ChatMessage InWords(ChatMessage message)
    {
        if (message.Role == "tool")
            return new ChatMessage("user") { Content = $"<tool_response>\n{TextOf(message)}\n</tool_response>" };
        if (message.ToolCalls is not { Count: > 0 } calls)
            return message;
        IEnumerable<string> texts = calls.Select(
            call => $"<tool_call>\n{{\"name\": {Quote(call.Name)}, \"arguments\": {call.Arguments}}}\n</tool_call>");
        string said = TextOf(message);
        return message with { Content = string.Join('\n', said.Length > 0 ? [said, .. texts] : texts), Parts = null, ToolCalls = null };
    }

    private static void Introduce(List<ChatMessage> messages, string introduction)
    {
        if (messages is [{ Role: "system" or "developer" } first, ..])
            messages[0] = first with { Content = $"{TextOf(first)}\n\n{introduction}", Parts = null };
        else
            messages.Insert(0, new ChatMessage("system") { Content = introduction });
    }

    private static string Introduction(IReadOnlyList<ToolDefinition> tools)
    {
        StringBuilder text = new("You can call functions to help the user. They are:\n<tools>\n");
        foreach (ToolDefinition tool in tools)
            text.Append(Definition(tool)).Append('\n');
        return text.Append(
            """
            </tools>
            To call one, answer with a JSON object that has its name and its arguments:
            <tool_call>
            {"name": "…", "arguments": {…}}
            </tool_call>
            """).ToString();
    }

    private static string Definition(ToolDefinition tool)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Readable))
        {
            json.WriteStartObject();
            json.WriteString("name", tool.Name);
            if (tool.Description is not null)
                json.WriteString("description", tool.Description);
            if (tool.Parameters.ValueKind == JsonValueKind.Object)
            {
                json.WritePropertyName("parameters");
                tool.Parameters.WriteTo(json);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static string Quote(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    private static string TextOf(ChatMessage message) => message.Parts is { } parts ? string.Join('\n', parts) : message.Content ?? "";
}
