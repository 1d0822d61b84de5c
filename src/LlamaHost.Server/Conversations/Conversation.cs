using System.Text.Json;
using LlamaHost.Chat;

namespace LlamaHost.Server.Conversations;

/// <summary>A conversation that a model is to continue, whichever API it came by.</summary>
/// <param name="Messages">The messages, at least one.</param>
internal sealed record Conversation(IReadOnlyList<ChatMessage> Messages)
{
    /// <summary>Functions that the model may call; empty if there are none.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Whether the prompt ends with the beginning of the assistant's answer.</summary>
    public bool AddGenerationPrompt { get; init; } = true;

    /// <summary>Whether the model goes on with the last message, rather than answering it.</summary>
    public bool ContinuesFinalMessage { get; init; }

    /// <summary>More variables for the template; an object, or undefined.</summary>
    public JsonElement Variables { get; init; }

    /// <summary>Jinja text that replaces the model's template; <see langword="null"/>: the model's.</summary>
    public string? Template { get; init; }

    /// <summary>The request's field that the messages came in, for errors.</summary>
    public string MessagesField { get; init; } = "messages";
}

/// <summary>A conversation as its model reads it.</summary>
/// <param name="Text">The prompt's text.</param>
/// <param name="Tokens">Its token ids, the begin token included.</param>
/// <param name="Style">How the model was talked to, and will answer.</param>
/// <param name="EndsWithinReasoning">Whether the template has opened the model's thoughts already.</param>
internal sealed record ConversationPrompt(string Text, IReadOnlyList<int> Tokens, ModelTemplate Style, bool EndsWithinReasoning);
