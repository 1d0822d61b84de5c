using System.Text.Json;

namespace LlamaHost.Chat.Tests;

public sealed class MessageEqualityTests
{
    // What messages can't say (other content than text, other fields of tools), or say in a way of their own.
    private static readonly string[] Other =
    [
        "developer", "content parts", "image part", "tool result with content in json", "arguments as text", "missing content", "no messages",
    ];

    public static TheoryData<string> Templates => [.. Recorded.Rendered.EnumerateObject().Select(template => template.Name)];

    [Theory]
    [MemberData(nameof(Templates))]
    public void Messages_and_tools_reach_templates_in_the_shape_that_transformers_gives_them(string template)
    {
        JsonElement expected = Recorded.Rendered.GetProperty(template);
        int compared = 0;
        foreach (JsonElement conversation in Recorded.Conversations.EnumerateArray())
        {
            string name = conversation.GetProperty("name").GetString()!;
            if (Other.Contains(name) || HasOtherTools(conversation) || !expected.GetProperty(name).TryGetProperty("text", out JsonElement text))
                continue;
            Assert.Equal(text.GetString(), Recorded.Render(Recorded.SourceOf(template), InputOf(conversation)).Text);
            compared++;
        }
        Assert.True(compared >= 5, $"only {compared} conversations");
    }

    private static bool HasOtherTools(JsonElement conversation) =>
        conversation.TryGetProperty("tools", out JsonElement tools)
        && tools.EnumerateArray().Any(tool => tool.GetProperty("function").TryGetProperty("return", out _));

    private static TemplateInput InputOf(JsonElement conversation) => new(
        [.. conversation.GetProperty("messages").EnumerateArray().Select(MessageOf)])
    {
        Tools = conversation.TryGetProperty("tools", out JsonElement tools) ? [.. tools.EnumerateArray().Select(ToolOf)] : null,
        AddGenerationPrompt = !conversation.TryGetProperty("add_generation_prompt", out JsonElement adds) || adds.GetBoolean(),
        Variables = conversation.TryGetProperty("variables", out JsonElement variables) ? variables : default,
        BosToken = "<s>",
        EosToken = "</s>",
    };

    private static ChatMessage MessageOf(JsonElement message) => new(message.GetProperty("role").GetString()!)
    {
        Content = Find(message, "content"),
        Name = Find(message, "name"),
        Reasoning = Find(message, "reasoning_content"),
        ToolCallId = Find(message, "tool_call_id"),
        ToolCalls = message.TryGetProperty("tool_calls", out JsonElement calls) ? [.. calls.EnumerateArray().Select(CallOf)] : null,
    };

    private static ToolCall CallOf(JsonElement call)
    {
        JsonElement function = call.GetProperty("function");
        return new ToolCall(Find(call, "id"), function.GetProperty("name").GetString()!, function.GetProperty("arguments").GetRawText());
    }

    private static ToolDefinition ToolOf(JsonElement tool)
    {
        JsonElement function = tool.GetProperty("function");
        return new ToolDefinition(function.GetProperty("name").GetString()!, Find(function, "description"), function.GetProperty("parameters"));
    }

    private static string? Find(JsonElement owner, string name) => owner.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
