using LlamaHost.Chat;
using LlamaHost.Server.Conversations;

namespace LlamaHost.Server.OpenAi.Common;

/// <summary>What an answer in a conversation may and must be, whichever route asks for it.</summary>
/// <param name="Sampling">The fields that all routes share.</param>
internal sealed record AnswerTerms(SamplingFields Sampling)
{
    /// <summary>What its text must be.</summary>
    public ResponseFormat Format { get; init; } = ResponseFormat.Text;

    /// <summary>The field that the format came in, for errors.</summary>
    public required string FormatField { get; init; }

    /// <summary>The tools that there are, with the fields of their schemas.</summary>
    public IReadOnlyList<CallableTool> Tools { get; init; } = [];

    /// <summary>Which of them may or must be called.</summary>
    public ToolChoice ToolChoice { get; init; }

    /// <summary>Whether there may be more than one call.</summary>
    public bool AllowsSeveralCalls { get; init; } = true;

    /// <summary>Most new tokens; <see langword="null"/>: the rest of the context.</summary>
    public int? MaxNewTokens { get; init; }

    /// <summary>Likely tokens in each place that come with the log-probabilities; <see langword="null"/>: there are none.</summary>
    public int? LogProbs { get; init; }

    /// <summary>The field that the conversation came in, for errors.</summary>
    public required string ConversationField { get; init; }

    /// <summary>The tools that may be called.</summary>
    public IReadOnlyList<CallableTool> CallableTools => ToolChoice.Use == ToolUse.None
        ? []
        : [.. Tools.Where(tool => ToolChoice.Names?.Contains(tool.Definition.Name) != false)];

    /// <summary>
    /// The tools that the model learns of. Where a grammar sees to the choice these are all: the prompt, and what is cached of it, stays the same.
    /// </summary>
    public IReadOnlyList<ToolDefinition> ShownTools => ToolChoice.Use == ToolUse.Required
        ? [.. Tools.Select(tool => tool.Definition)]
        : [.. CallableTools.Select(tool => tool.Definition)];
}
