using System.Text.Json;
using LlamaHost.Chat;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.Conversations.Shapes;

/// <summary>The calls of an assistant's message.</summary>
internal static class ToolCallsShape
{
    /// <summary>The message's calls; arguments are JSON text or an object.</summary>
    /// <exception cref="ApiException">A call is not one.</exception>
    public static IReadOnlyList<ToolCall> Read(JsonFields message)
    {
        List<ToolCall> calls = [];
        foreach ((JsonElement value, string place) in message.Items("tool_calls") ?? [])
        {
            JsonFields call = JsonFields.Of(value, place);
            if (call.Text("type") is { } type and not "function")
            {
                throw ApiException.BadRequest(
                    ErrorCodes.UnsupportedParameter, call.PlaceOf("type"),
                    $"{call.PlaceOf("type")} must be \"function\"; it is {Spelling.Quote(type)}.");
            }
            calls.Add(Call(call.Text("id"), call.RequiredObject("function")));
        }
        // How calls were written before there could be several.
        if (message.Any("function_call") is { } one)
            calls.Add(Call(null, JsonFields.Of(one, message.PlaceOf("function_call"))));
        return calls;
    }

    private static ToolCall Call(string? id, JsonFields function)
    {
        string name = function.RequiredText("name");
        JsonElement? arguments = function.Any("arguments");
        string json = arguments?.ValueKind switch
        {
            null => "{}",
            JsonValueKind.Object => arguments.Value.GetRawText(),
            _ => function.Text("arguments") is { Length: > 0 } text ? text : "{}",
        };
        return new ToolCall(id, name, json);
    }
}
