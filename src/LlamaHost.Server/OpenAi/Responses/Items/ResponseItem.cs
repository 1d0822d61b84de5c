using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlamaHost.Server.OpenAi.Responses.Items;

/// <summary>A step of a conversation: what somebody says, what the model thinks, a call, or what came of it.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(MessageItem), "message")]
[JsonDerivedType(typeof(FunctionCallItem), "function_call")]
[JsonDerivedType(typeof(FunctionCallOutputItem), "function_call_output")]
[JsonDerivedType(typeof(ReasoningItem), "reasoning")]
public abstract record ResponseItem
{
    /// <summary>Begins with <c>msg_</c>, <c>fc_</c>, <c>fco_</c> or <c>rs_</c> where the server chose it.</summary>
    [JsonPropertyOrder(-1)]
    public required string Id { get; init; }

    /// <summary><c>in_progress</c>, <c>completed</c>, or <c>incomplete</c>: it was cut.</summary>
    public string Status { get; init; } = ItemStatus.Completed;
}

/// <summary>What somebody says.</summary>
public sealed record MessageItem : ResponseItem
{
    /// <summary><c>assistant</c>, <c>user</c>, <c>system</c> or <c>developer</c>.</summary>
    public required string Role { get; init; }

    /// <summary>The text, in parts.</summary>
    public required IReadOnlyList<ContentPart> Content { get; init; }
}

/// <summary>The model calls a function.</summary>
public sealed record FunctionCallItem : ResponseItem
{
    /// <summary>Connects it with the item that has its output.</summary>
    public required string CallId { get; init; }

    /// <summary>The function.</summary>
    public required string Name { get; init; }

    /// <summary>The arguments as JSON text.</summary>
    public required string Arguments { get; init; }
}

/// <summary>What came of a call.</summary>
public sealed record FunctionCallOutputItem : ResponseItem
{
    /// <summary>The call.</summary>
    public required string CallId { get; init; }

    /// <summary>What the function returned.</summary>
    public required string Output { get; init; }
}

/// <summary>What the model thinks before it answers.</summary>
public sealed record ReasoningItem : ResponseItem
{
    /// <summary>Always empty: thoughts are given as they are.</summary>
    public IReadOnlyList<JsonElement> Summary { get; init; } = [];

    /// <summary>The thoughts.</summary>
    public IReadOnlyList<ContentPart> Content { get; init; } = [];
}

/// <summary>Stands for an item that is stored.</summary>
internal sealed record ItemReference : ResponseItem
{
    /// <summary>Where in the request it is, for errors.</summary>
    public required string Place { get; init; }
}

/// <summary>How far an item has come.</summary>
internal static class ItemStatus
{
    /// <summary>It goes on.</summary>
    public const string InProgress = "in_progress";

    /// <summary>It is whole.</summary>
    public const string Completed = "completed";

    /// <summary>It was cut.</summary>
    public const string Incomplete = "incomplete";
}
