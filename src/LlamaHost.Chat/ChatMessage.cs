namespace LlamaHost.Chat;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">Who speaks, as the template knows it: <c>system</c>, <c>developer</c>, <c>user</c>, <c>assistant</c>, <c>tool</c>.</param>
public sealed record ChatMessage(string Role)
{
    /// <summary>What is said; null where there is nothing but tool calls. Ignored if there are <see cref="Parts"/>.</summary>
    public string? Content { get; init; }

    /// <summary>
    /// What is said in several texts. A template that knows content parts gets them as such; others get them joined by line breaks.
    /// </summary>
    public IReadOnlyList<string>? Parts { get; init; }

    /// <summary>What the assistant thought before it spoke.</summary>
    public string? Reasoning { get; init; }

    /// <summary>A name of the speaker or, in a tool's message, of the tool.</summary>
    public string? Name { get; init; }

    /// <summary>In a tool's message, the call that it answers.</summary>
    public string? ToolCallId { get; init; }

    /// <summary>Tools that the assistant called.</summary>
    public IReadOnlyList<ToolCall>? ToolCalls { get; init; }
}
