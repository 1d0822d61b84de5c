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
/// <param name="Name">The one tool that may be called; <see langword="null"/>: any.</param>
internal readonly record struct ToolChoice(ToolUse Use, string? Name = null);
