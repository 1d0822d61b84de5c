using LlamaHost.Chat;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Server.Conversations;

/// <summary>What a model's answer may consist of, and how its parts are marked.</summary>
/// <param name="Prompt">The prompt.</param>
/// <param name="Tools">Tools that can be called, by name; empty if there are none.</param>
/// <param name="IsEnforced">Whether a grammar makes the model call.</param>
/// <param name="AllowsSeveralCalls">Whether there may be more than one call.</param>
internal sealed record AnswerForm(
    ConversationPrompt Prompt, IReadOnlyDictionary<string, ToolDefinition> Tools, bool IsEnforced, bool AllowsSeveralCalls)
{
    /// <summary>Whether the answer may have a text. Where it may not, the beginning of a call that was cut is no text either.</summary>
    public bool AllowsText { get; init; } = true;

    /// <summary>How thoughts are marked, if they are.</summary>
    public ReasoningFormat? Reasoning => Prompt.Style.Reasoning;

    /// <summary>How calls are written; <see langword="null"/>: there are none, or nobody knows.</summary>
    public ToolCallFormat? Calls => Tools.Count == 0 ? null : IsEnforced ? Prompt.Style.EnforcedCalls : Prompt.Style.Calls;

    /// <summary>Whether control tokens have to come with the text, because they may be marks.</summary>
    public bool NeedsControlTokens => Calls is not null || Reasoning is not null;

    /// <summary>Whether a control token is a mark, which the reader of the answer has to see.</summary>
    public bool IsMark(ControlToken token) => !token.EndsTurn
        && (Calls?.IsMark(token.Text) == true || Reasoning?.Open == token.Text || Reasoning?.Close == token.Text);
}
