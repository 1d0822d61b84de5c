using System.Text.Json;
using LlamaHost.Chat;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.OpenAi.Responses.Fields;
using LlamaHost.Server.OpenAi.Responses.Items;

namespace LlamaHost.Server.OpenAi.Responses;

/// <summary>The body of <c>POST /v1/responses</c> as sent. <see cref="ResponseParameters"/> says what each field means.</summary>
internal sealed class ResponseRequest : ISampledRequest
{
    public SamplingFields Sampling { get; } = new();

    /// <summary><see langword="null"/>: left out.</summary>
    public IReadOnlyList<ResponseItem>? Input { get; set; }

    public string? Instructions { get; set; }

    public string? PreviousResponseId { get; set; }

    public bool Store { get; set; } = true;

    public IReadOnlyDictionary<string, string> Metadata { get; set; } = new Dictionary<string, string>();

    public int? MaxOutputTokens { get; set; }

    public int? MaxToolCalls { get; set; }

    public TextSettings Text { get; set; } = TextSettings.Any;

    public IReadOnlyList<ToolDefinition> Tools { get; set; } = [];

    public ResponseToolChoice ToolChoice { get; set; } = ResponseToolChoice.Auto;

    public bool ParallelToolCalls { get; set; } = true;

    public ReasoningSettings Reasoning { get; set; } = new(null, null);

    public bool IncludesLogprobs { get; set; }

    public int TopLogprobs { get; set; }

    public bool Truncates { get; set; }

    public bool Background { get; set; }

    public string? User { get; set; }

    public string? SafetyIdentifier { get; set; }

    public string? PromptCacheKey { get; set; }

    /// <summary><see langword="null"/>: if the last item is the assistant's message, and was cut.</summary>
    public bool? ContinueFinalMessage { get; set; }

    public JsonElement MoreVariables { get; set; }

    /// <summary>What its answer may and must be.</summary>
    public AnswerTerms ToTerms() => new(Sampling)
    {
        Format = Text.Format,
        FormatField = TextSettings.FormatField,
        Tools = [.. Tools.Select((tool, index) => new CallableTool(tool, $"tools[{index}].parameters"))],
        ToolChoice = ToolChoice.Choice,
        AllowsSeveralCalls = ParallelToolCalls,
        MaxNewTokens = MaxOutputTokens,
        LogProbs = IncludesLogprobs ? TopLogprobs : null,
        ConversationField = "input",
    };

    /// <summary>What the model reads.</summary>
    /// <param name="items">The items of the whole conversation, oldest first.</param>
    /// <exception cref="Errors.ApiException">There is an output of a call that nobody made.</exception>
    public Conversation ToConversation(IReadOnlyList<ResponseItem> items) => new(ItemConversation.ToMessages(Instructions, items))
    {
        Tools = ToTerms().ShownTools,
        ContinuesFinalMessage = ContinueFinalMessage ?? items is [.., MessageItem { Role: "assistant", Status: not ItemStatus.Completed } last]
            && last.Content.Any(part => part.Text.Length > 0),
        Variables = TemplateVariables.Of(Reasoning.Effort, MoreVariables),
        MessagesField = "input",
    };
}
