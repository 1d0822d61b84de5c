using System.Text.Json.Serialization;
using LlamaHost.Server.OpenAi.Common;

namespace LlamaHost.Server.OpenAi.Chat;

/// <summary>One event of a streamed answer.</summary>
public sealed record ChatChunk
{
    /// <summary>Begins with <c>chatcmpl-</c>; the same in all chunks.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>chat.completion.chunk</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; } = "chat.completion.chunk";

    /// <summary>When the request was admitted, in seconds since 1970.</summary>
    public required long Created { get; init; }

    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>What the answer depends on besides the request.</summary>
    public required string SystemFingerprint { get; init; }

    /// <summary>One choice that goes on; empty in the chunk with the usage.</summary>
    public required IReadOnlyList<ChatChunkChoice> Choices { get; init; }

    /// <summary>What all choices cost: in the last chunk, if asked for.</summary>
    public OpenAiUsage? Usage { get; init; }
}

/// <summary>How a choice goes on.</summary>
public sealed record ChatChunkChoice
{
    /// <summary>Its number, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>What comes next of its message.</summary>
    public required ChatDelta Delta { get; init; }

    /// <summary>Log-probabilities of the tokens since the choice's last chunk, if asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ChatLogprobs? Logprobs { get; init; }

    /// <summary><c>stop</c>, <c>length</c> or <c>tool_calls</c>; null while it goes on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? FinishReason { get; init; }
}

/// <summary>A piece of a message.</summary>
public sealed record ChatDelta
{
    /// <summary><c>assistant</c>, in the first chunk.</summary>
    public string? Role { get; init; }

    /// <summary>More of the text.</summary>
    public string? Content { get; init; }

    /// <summary>More of what the model thinks before it answers.</summary>
    public string? ReasoningContent { get; init; }

    /// <summary>More of a call.</summary>
    public IReadOnlyList<ChatToolCallDelta>? ToolCalls { get; init; }
}

/// <summary>A piece of a call.</summary>
public sealed record ChatToolCallDelta
{
    /// <summary>Its number in the message, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>Connects it with the message that answers it; in its first piece.</summary>
    public string? Id { get; init; }

    /// <summary><c>function</c>, in its first piece.</summary>
    public string? Type { get; init; }

    /// <summary>What is called.</summary>
    public required ChatFunctionDelta Function { get; init; }
}

/// <summary>A piece of what is called.</summary>
public sealed record ChatFunctionDelta
{
    /// <summary>The function, in the first piece.</summary>
    public string? Name { get; init; }

    /// <summary>More of the arguments' JSON text.</summary>
    public required string Arguments { get; init; }
}
