using System.Text.Json;

namespace LlamaHost.Chat;

/// <summary>A function that the assistant may call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, in words for the model.</param>
/// <param name="Parameters">JSON schema of its arguments, an object; undefined if it takes none.</param>
public sealed record ToolDefinition(string Name, string? Description, JsonElement Parameters)
{
    /// <summary>Whether arguments must follow the schema exactly, if it is said.</summary>
    public bool? IsStrict { get; init; }
}

/// <summary>A call of a function, which the assistant made.</summary>
/// <param name="Id">Connects it with the message that answers it.</param>
/// <param name="Name">The function.</param>
/// <param name="Arguments">The arguments as JSON text, usually an object.</param>
public sealed record ToolCall(string? Id, string Name, string Arguments);
