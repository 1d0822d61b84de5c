using System.Text.Json;
using LlamaHost.Chat;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.Conversations.Shapes;
using LlamaHost.Server.OpenAi.Common;

namespace LlamaHost.Server.OpenAi.Chat;

/// <summary>All fields of a chat request: one row each.</summary>
internal static class ChatParameters
{
    /// <summary>The rows.</summary>
    public static ParameterTable<ChatRequest> Table { get; } = new(
    [
        Row<IReadOnlyList<ChatMessage>>("messages", new MessagesShape(), (request, value) => request.Messages = value,
            "The conversation, oldest message first. If the last one is the assistant's, the model goes on with it.") with
            { IsRequired = true },
        .. SamplingParameters.Standard<ChatRequest>(),
        Row<int>("max_completion_tokens", new IntegerShape(1), (request, value) => request.MaxCompletionTokens = value,
            "Most new tokens of each choice, thoughts and calls included.") with
            { WhenLeftOut = "the rest of the context" },
        Row<int>("max_tokens", new IntegerShape(1), (request, value) => request.Sampling.MaxTokens = value,
            "The older name of max_completion_tokens.") with
            { WhenLeftOut = "the rest of the context" },
        Row<bool>("logprobs", new BooleanShape(), (request, value) => request.Logprobs = value,
            "Give the log-probability of each token.") with
            { Default = false },
        Row<int>("top_logprobs", new IntegerShape(0, GenerationRequest.MaxLogProbs), (request, value) => request.TopLogprobs = value,
            "Give so many of the most likely tokens in each place. Only with logprobs.") with
            { WhenLeftOut = "none" },
        Row<ResponseFormat>("response_format", new ResponseFormatShape(), (request, value) => request.ResponseFormat = value,
            "What the text must be: anything, a JSON object, or JSON that a schema lets through. Enforced while the text is made.") with
            { WhenLeftOut = "any text" },
        Row<IReadOnlyList<ToolDefinition>>("tools", new ToolsShape(), (request, value) => request.Tools = value,
            "Functions that the model may call.") with
            { WhenLeftOut = "none" },
        Row<ToolChoice>("tool_choice", new ToolChoiceShape(), (request, value) => request.ToolChoice = value,
            "Whether the model calls: as it sees fit (auto), not at all (none), at least once (required), or one function. The last two are "
            + "enforced, the arguments' schema included.") with
            { WhenLeftOut = "auto" },
        Row<bool>("parallel_tool_calls", new BooleanShape(), (request, value) => request.ParallelToolCalls = value,
            "Whether there may be several calls in one answer.") with
            { Default = true },
        Row<bool>("continue_final_message", new BooleanShape(), (request, value) => request.ContinueFinalMessage = value,
            "Whether the model goes on with the last message, rather than answering it.") with
            { WhenLeftOut = "if the last message is the assistant's and has a text" },
        Row<string>("reasoning_effort", new TextShape(1, 32), (request, value) => request.ReasoningEffort = value,
            "Handed to the chat template as a variable, for models that know it.") with
            { WhenLeftOut = "the template's own" },
        Row<JsonElement>("chat_template_kwargs", new JsonObjectShape("an object"), (request, value) => request.MoreVariables = value,
            "More variables for the chat template, such as enable_thinking.") with
            { WhenLeftOut = "none" },
        Row<IReadOnlyList<string>>(
            "modalities", new ListShape<string>(new ChoiceShape<string>(("\"text\"", "text")), 0, 1), (_, _) => { }, "What is answered: text.") with
            { WhenLeftOut = "text" },
        .. SamplingParameters.Extra<ChatRequest>(),
    ])
    {
        IgnoresUnknown = true,
        Unsupported = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["functions"] = "use tools.",
            ["function_call"] = "use tool_choice.",
            ["audio"] = "answers are text.",
            ["web_search_options"] = "this server does not search the web.",
        },
    };

    private static Parameter<ChatRequest> Row<T>(string name, Shape<T> shape, Action<ChatRequest, T> assign, string description) =>
        Parameter<ChatRequest>.Of(name, shape, assign, description);
}
