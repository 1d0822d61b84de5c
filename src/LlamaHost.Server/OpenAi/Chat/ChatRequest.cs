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

    public JsonElement TemplateVariables { get; set; }

    /// <summary>Tools that can be called, with the fields of their schemas.</summary>
    public IReadOnlyList<CallableTool> CallableTools => ToolChoice.Use == ToolUse.None
        ? []
        : [
            .. Tools.Select((tool, index) => new CallableTool(tool, $"tools[{index}].function.parameters"))
                .Where(tool => ToolChoice.Name is null || tool.Definition.Name == ToolChoice.Name),
        ];

    /// <summary>What the model reads.</summary>
    public Conversation ToConversation() => new(Messages)
    {
        Tools = ToolChoice.Use == ToolUse.None ? [] : Tools,
        ContinuesFinalMessage = ContinueFinalMessage
            ?? Messages is [.., { Role: "assistant", ToolCalls: null } and ({ Content.Length: > 0 } or { Parts.Count: > 0 })],
        Variables = Variables(),
    };

    private JsonElement Variables()
    {
        if (ReasoningEffort is null)
            return TemplateVariables;
        var variables = new System.Text.Json.Nodes.JsonObject { ["reasoning_effort"] = ReasoningEffort };
        if (TemplateVariables.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty one in TemplateVariables.EnumerateObject())
                variables[one.Name] = System.Text.Json.Nodes.JsonNode.Parse(one.Value.GetRawText());
        }
        return JsonElement.Parse(variables.ToJsonString());
    }
}
