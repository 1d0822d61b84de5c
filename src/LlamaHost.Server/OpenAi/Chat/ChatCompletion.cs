using System.Text.Json.Serialization;
using LlamaHost.Server.OpenAi.Common;

namespace LlamaHost.Server.OpenAi.Chat;

/// <summary>The answer to <c>POST /v1/chat/completions</c>.</summary>
public sealed record ChatCompletion
{
    /// <summary>Begins with <c>chatcmpl-</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>chat.completion</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; } = "chat.completion";

    /// <summary>When the request was admitted, in seconds since 1970.</summary>
    public required long Created { get; init; }

    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>What the answer depends on besides the request.</summary>
    public required string SystemFingerprint { get; init; }

    /// <summary>The choices, in order.</summary>
    public required IReadOnlyList<ChatChoice> Choices { get; init; }

    /// <summary>What they cost.</summary>
    public required OpenAiUsage Usage { get; init; }
}

/// <summary>One answer.</summary>
public sealed record ChatChoice
{
    /// <summary>Its number, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>What the model says.</summary>
    public required ChatAnswerMessage Message { get; init; }

    /// <summary>Log-probabilities of its tokens, if asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ChatLogprobs? Logprobs { get; init; }

    /// <summary><c>stop</c>, <c>length</c> or <c>tool_calls</c>.</summary>
    public required string FinishReason { get; init; }
}

/// <summary>What the model says.</summary>
public sealed record ChatAnswerMessage
{
    /// <summary>Always <c>assistant</c>.</summary>
    public string Role { get; } = "assistant";

    /// <summary>The text; null if there are only calls.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Content { get; init; }

    /// <summary>Always null: local models decline in their text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Refusal { get; init; }

    /// <summary>What the model thought before it answered.</summary>
    public string? ReasoningContent { get; init; }

    /// <summary>Tools that it calls.</summary>
    public IReadOnlyList<ChatToolCall>? ToolCalls { get; init; }
}

/// <summary>A call.</summary>
public sealed record ChatToolCall
{
    /// <summary>Connects it with the message that answers it.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>function</c>.</summary>
    public string Type { get; } = "function";

    /// <summary>What is called.</summary>
    public required ChatFunctionCall Function { get; init; }
}

/// <summary>What is called.</summary>
/// <param name="Name">The function.</param>
/// <param name="Arguments">The arguments as JSON text.</param>
public sealed record ChatFunctionCall(string Name, string Arguments);

/// <summary>Log-probabilities of a choice's tokens.</summary>
public sealed record ChatLogprobs
{
    /// <summary>One entry per token, thoughts and calls included; end tokens are left out.</summary>
    public required IReadOnlyList<OpenAiTokenLogprob> Content { get; init; }

    /// <summary>Always null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyList<OpenAiTokenLogprob>? Refusal { get; init; }
}
