namespace LlamaHost.Chat;

/// <summary>A piece of a rendered prompt.</summary>
/// <param name="Text">Its text, not empty.</param>
/// <param name="IsTemplate">
/// Whether the template wrote it. Control tokens count only in such pieces; in the others, which come from messages and tools, they are plain text.
/// </param>
public readonly record struct PromptSpan(string Text, bool IsTemplate);
