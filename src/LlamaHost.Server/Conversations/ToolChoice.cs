namespace LlamaHost.Server.Conversations;

/// <summary>Whether the model calls tools.</summary>
internal enum ToolUse
{
    /// <summary>As it sees fit.</summary>
    Auto,

    /// <summary>Not at all; it doesn't learn of them.</summary>
    None,

    /// <summary>At least one.</summary>
    Required,
}

/// <summary>Which tools the model may or must call.</summary>
/// <param name="Use">Whether.</param>
/// <param name="Names">The tools that may be called, by name; <see langword="null"/>: all.</param>
internal readonly record struct ToolChoice(ToolUse Use, IReadOnlyList<string>? Names = null);
