using System.Text.Json;
using LlamaHost.Chat;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Conversations.Shapes;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.OpenAi.Responses.Fields;
using LlamaHost.Server.OpenAi.Responses.Items;

namespace LlamaHost.Server.OpenAi.Responses;

/// <summary>All fields of a request for a response: one row each.</summary>
internal static class ResponseParameters
{
    private const string Logprobs = "message.output_text.logprobs";
    private const int LongestLabel = 512;

    // What of the shared fields this API has not, or has otherwise.
    private static readonly string[] NotShared = ["n", "user", "stream_options"];

    // The others are about what this server never has in a response, so that there is nothing to leave out.
    private static readonly string[] Includable =
    [
        Logprobs, "reasoning.encrypted_content", "file_search_call.results", "web_search_call.results", "web_search_call.action.sources",
        "message.input_image.image_url", "computer_call_output.output.image_url", "code_interpreter_call.outputs",
    ];

    /// <summary>The rows.</summary>
    public static ParameterTable<ResponseRequest> Table { get; } = new(
    [
        Row<IReadOnlyList<ResponseItem>>("input", new InputShape(), (request, value) => request.Input = value,
            "What comes next in the conversation: the user's words, or items, oldest first.") with
            { WhenLeftOut = "nothing, which is possible only with previous_response_id" },
        Row<string>("instructions", new TextShape(), (request, value) => request.Instructions = value,
            "What the system says before anybody else. Those of previous responses are not carried over.") with
            { WhenLeftOut = "none" },
        Row<string>("previous_response_id", new TextShape(1, LongestLabel), (request, value) => request.PreviousResponseId = value,
            "A stored response whose conversation goes on: its input and output, and those of the responses before it, come before input.") with
            { WhenLeftOut = "a new conversation" },
        Row<bool>("store", new BooleanShape(), (request, value) => request.Store = value,
            "Keep the response, so that it can be read again and gone on from.") with
            { Default = true },
        Row<IReadOnlyDictionary<string, string>>("metadata", new MetadataShape(), (request, value) => request.Metadata = value,
            "Texts that are kept with the response.") with
            { WhenLeftOut = "none" },
        Row<int>("max_output_tokens", new IntegerShape(1), (request, value) => request.MaxOutputTokens = value,
            "Most new tokens, thoughts and calls included.") with
            { WhenLeftOut = "the rest of the context" },
        Row<int>("max_tool_calls", new IntegerShape(1), (request, value) => request.MaxToolCalls = value,
            "Most calls of built-in tools, of which this server has none: accepted, and without effect.") with
            { WhenLeftOut = "no limit" },
        Row<TextSettings>("text", new TextSettingsShape(), (request, value) => request.Text = value,
            "What the text must be: anything, a JSON object, or JSON that a schema lets through. Enforced while the text is made. verbosity is "
            + "accepted, and not looked at.") with
            { WhenLeftOut = "any text" },
        Row<IReadOnlyList<ToolDefinition>>("tools", new ToolsShape(isNested: false), (request, value) => request.Tools = value,
            "Functions that the model may call.") with
            { WhenLeftOut = "none" },
        Row<ResponseToolChoice>("tool_choice", new ResponseToolChoiceShape(), (request, value) => request.ToolChoice = value,
            "Whether the model calls: as it sees fit (auto), not at all (none), at least once (required), one function, or some of them. What must "
            + "be called is enforced, the arguments' schema included.") with
            { WhenLeftOut = "auto" },
        Row<bool>("parallel_tool_calls", new BooleanShape(), (request, value) => request.ParallelToolCalls = value,
            "Whether there may be several calls in one response.") with
            { Default = true },
        Row<ReasoningSettings>("reasoning", new ReasoningSettingsShape(), (request, value) => request.Reasoning = value,
            "effort is handed to the chat template as reasoning_effort, for models that know it. Thoughts are given as they are, "
            + "without a summary.") with
            { WhenLeftOut = "the template's own" },
        Row<IReadOnlyList<string>>(
            "include", new ListShape<string>(new ChoiceShape<string>([.. Includable.Select(one => ($"\"{one}\"", one))]), 0, Includable.Length),
            (request, value) => request.IncludesLogprobs = value.Contains(Logprobs),
            "What else the response has: log-probabilities of the text's tokens. The other values are accepted, and have nothing to add.") with
            { WhenLeftOut = "nothing" },
        Row<int>("top_logprobs", new IntegerShape(0, GenerationRequest.MaxLogProbs), (request, value) => request.TopLogprobs = value,
            "With log-probabilities: so many of the most likely tokens in each place.") with
            { Default = 0 },
        Row<bool>(
            "truncation", new ChoiceShape<bool>(("\"disabled\"", false), ("\"auto\"", true)), (request, value) => request.Truncates = value,
            "What happens to a conversation that is too long for the context. It is refused in any case, and never shortened: auto is accepted as "
            + "long as it needn't be.") with
            { Default = "disabled" },
        Row<bool>("background", new BooleanShape(), (request, value) => request.Background = value,
            "Whether the response is made while nobody waits for it. true is not supported yet.") with
            { Default = false },
        .. SamplingParameters.Standard<ResponseRequest>().ExceptBy(NotShared, row => row.Name),
        Row<JsonElement>("stream_options", new JsonObjectShape("an object"), (request, _) => request.Sampling.IncludeUsage = false,
            "Accepted, and without effect: events are not obfuscated, and the last one always has the usage. Only with stream.") with
            { WhenLeftOut = "none" },
        Row<bool>("continue_final_message", new BooleanShape(), (request, value) => request.ContinueFinalMessage = value,
            "Whether the model goes on with the conversation's last message, rather than answering it.") with
            { WhenLeftOut = "if that is the assistant's and its status in_progress or incomplete" },
        Row<JsonElement>("chat_template_kwargs", new JsonObjectShape("an object"), (request, value) => request.MoreVariables = value,
            "More variables for the chat template, such as enable_thinking.") with
            { WhenLeftOut = "none" },
        Row<string>("user", new TextShape(), (request, value) => request.User = value, "Accepted, and not looked at.") with
            { WhenLeftOut = "none" },
        Row<string>("safety_identifier", new TextShape(), (request, value) => request.SafetyIdentifier = value,
            "Accepted, and not looked at.") with
            { WhenLeftOut = "none" },
        Row<string>("prompt_cache_key", new TextShape(), (request, value) => request.PromptCacheKey = value,
            "Accepted, and not needed: what was computed for a prompt is found again by its tokens. To keep it to yourself there is cache_salt.") with
            { WhenLeftOut = "none" },
        Row<string>("service_tier", new TextShape(), (_, _) => { }, "Accepted, and not looked at.") with
            { WhenLeftOut = "default, which is the only one" },
        .. SamplingParameters.Extra<ResponseRequest>(),
    ])
    {
        IgnoresUnknown = true,
        Unsupported = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["n"] = "a response has one answer.",
            ["conversation"] = "go on from a response by previous_response_id.",
            ["prompt"] = "this server has no stored prompts; use input.",
            ["context_management"] = "this server never changes a conversation.",
        },
    };

    private static Parameter<ResponseRequest> Row<T>(string name, Shape<T> shape, Action<ResponseRequest, T> assign, string description) =>
        Parameter<ResponseRequest>.Of(name, shape, assign, description);
}
