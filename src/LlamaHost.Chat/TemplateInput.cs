using System.Text.Json;

namespace LlamaHost.Chat;

/// <summary>What a template renders.</summary>
/// <param name="Messages">The conversation.</param>
public sealed record TemplateInput(IReadOnlyList<ChatMessage> Messages)
{
    /// <summary>Functions that the assistant may call; null if there are none.</summary>
    public IReadOnlyList<ToolDefinition>? Tools { get; init; }

    /// <summary>Whether the prompt ends with the beginning of the assistant's answer.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>
    /// Whether the prompt ends within the last message, so that the model goes on with it (transformers' <c>continue_final_message</c>).
    /// </summary>
    public bool ContinuesFinalMessage { get; init; }

    /// <summary>Text of the token that begins a sequence, as the template's <c>bos_token</c>; null if the model has none.</summary>
    public string? BosToken { get; init; }

    /// <summary>Text of the token that ends a sequence, as the template's <c>eos_token</c>; null if the model has none.</summary>
    public string? EosToken { get; init; }

    /// <summary>More variables for the template, such as <c>enable_thinking</c>; an object, or undefined. They don't replace the others.</summary>
    public JsonElement Variables { get; init; }
}
