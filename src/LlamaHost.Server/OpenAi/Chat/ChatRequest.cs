using System.Text.Json;
using LlamaHost.Chat;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.OpenAi.Common;

namespace LlamaHost.Server.OpenAi.Chat;

/// <summary>The body of <c>POST /v1/chat/completions</c> as sent. <see cref="ChatParameters"/> says what each field means.</summary>
internal sealed class ChatRequest : ISampledRequest
{
    public SamplingFields Sampling { get; } = new();

    public IReadOnlyList<ChatMessage> Messages { get; set; } = [];

    public int? MaxCompletionTokens { get; set; }

    public ResponseFormat ResponseFormat { get; set; } = ResponseFormat.Text;

    public IReadOnlyList<ToolDefinition> Tools { get; set; } = [];

    public ToolChoice ToolChoice { get; set; }

    public bool ParallelToolCalls { get; set; } = true;

    public bool Logprobs { get; set; }

    public int? TopLogprobs { get; set; }

    /// <summary><see langword="null"/>: if the last message is the assistant's and has a text.</summary>
    public bool? ContinueFinalMessage { get; set; }

    public string? ReasoningEffort { get; set; }

    public JsonElement MoreVariables { get; set; }

    /// <summary>What its answers may and must be.</summary>
    public AnswerTerms ToTerms() => new(Sampling)
    {
        Format = ResponseFormat,
        FormatField = "response_format",
        Tools = [.. Tools.Select((tool, index) => new CallableTool(tool, $"tools[{index}].function.parameters"))],
        ToolChoice = ToolChoice,
        AllowsSeveralCalls = ParallelToolCalls,
        MaxNewTokens = MaxCompletionTokens ?? Sampling.MaxTokens,
        LogProbs = Logprobs ? TopLogprobs ?? 0 : null,
        ConversationField = "messages",
    };

    /// <summary>What the model reads.</summary>
    public Conversation ToConversation() => new(Messages)
    {
        Tools = ToTerms().ShownTools,
        ContinuesFinalMessage = ContinueFinalMessage
            ?? Messages is [.., { Role: "assistant", ToolCalls: null } and ({ Content.Length: > 0 } or { Parts.Count: > 0 })],
        Variables = TemplateVariables.Of(ReasoningEffort, MoreVariables),
    };
}
