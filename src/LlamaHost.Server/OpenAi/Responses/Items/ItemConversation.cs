using LlamaHost.Chat;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.OpenAi.Responses.Items;

/// <summary>
/// Makes messages, as chat templates know them, of items. What the model did in one turn (thoughts, a text, calls) are several items and one message.
/// </summary>
internal sealed class ItemConversation
{
    private readonly List<ChatMessage> _messages = [];
    private readonly Dictionary<string, string> _functions = new(StringComparer.Ordinal);
    private ChatMessage? _turn;

    private ItemConversation()
    {
    }

    /// <summary>The messages.</summary>
    /// <param name="instructions">What the system says before anybody else; <see langword="null"/>: nothing.</param>
    /// <param name="items">The conversation, oldest item first, without references.</param>
    /// <exception cref="ApiException">There is an output of a call that nobody made.</exception>
    public static IReadOnlyList<ChatMessage> ToMessages(string? instructions, IEnumerable<ResponseItem> items)
    {
        var conversation = new ItemConversation();
        if (instructions is not null)
            conversation._messages.Add(new ChatMessage("system") { Content = instructions });
        foreach (ResponseItem item in items)
            conversation.Add(item);
        conversation.EndTurn();
        return conversation._messages;
    }

    private void Add(ResponseItem item)
    {
        switch (item)
        {
            case ReasoningItem thought:
                Think(string.Concat(thought.Content.Select(part => part.Text)));
                break;
            case MessageItem { Role: "assistant" } message:
                if (_turn is { Content: not null } or { Parts: not null } or { ToolCalls: not null })
                    EndTurn();
                _turn = WithText(_turn ?? new ChatMessage("assistant"), message);
                break;
            case FunctionCallItem call:
                _functions[call.CallId] = call.Name;
                _turn ??= new ChatMessage("assistant");
                _turn = _turn with { ToolCalls = [.. _turn.ToolCalls ?? [], new ToolCall(call.CallId, call.Name, call.Arguments)] };
                break;
            case FunctionCallOutputItem output:
                EndTurn();
                _messages.Add(new ChatMessage("tool")
                {
                    Content = output.Output,
                    ToolCallId = output.CallId,
                    Name = _functions.GetValueOrDefault(output.CallId) ?? throw ApiException.BadRequest(
                        ErrorCodes.OutOfRange, "input", $"input has an output of the call {output.CallId}, but nobody made that call."),
                });
                break;
            case MessageItem message:
                EndTurn();
                _messages.Add(WithText(new ChatMessage(message.Role), message));
                break;
            default:
                throw new ArgumentException($"{item.GetType().Name} is no part of a conversation.", nameof(item));
        }
    }

    private void Think(string text)
    {
        if (text.Length == 0)
            return;
        if (_turn is not null)
            EndTurn();
        _turn = new ChatMessage("assistant") { Reasoning = text };
    }

    private void EndTurn()
    {
        if (_turn is { Content: null, Parts: null, ToolCalls: null })
            _turn = _turn with { Content = "" };
        if (_turn is not null)
            _messages.Add(_turn);
        _turn = null;
    }

    private static ChatMessage WithText(ChatMessage message, MessageItem item) => item.Content is [var only]
        ? message with { Content = only.Text }
        : message with { Parts = [.. item.Content.Select(part => part.Text)] };
}
