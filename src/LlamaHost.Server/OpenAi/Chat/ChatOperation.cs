using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.OpenApi;

namespace LlamaHost.Server.OpenAi.Chat;

/// <summary>Describes <c>POST /v1/chat/completions</c> in the API document.</summary>
internal static class ChatOperation
{
    /// <summary>The one description.</summary>
    public static JsonOperation<ChatRequest> Instance { get; } = new(
        "createChatCompletion", "OpenAI", "Continue a conversation, as OpenAI's chat completions do",
        "The shapes are OpenAI's. Fields that are not described here are ignored; those that are must have values in their ranges. With `stream` the "
        + "answer comes as server-sent events of data alone, each a chunk, the last one `[DONE]`; comments break long silence. An error after the "
        + "stream began is its last event.",
        ChatParameters.Table, typeof(ChatCompletion))
    {
        Examples = ChatExamples.All,
        ErrorShape = OpenAiErrors.Instance,
        Stream = (typeof(ChatChunk), ChatExamples.Chunks),
        Errors =
        [
            ApiException.BadRequest(ErrorCodes.WrongType, "messages", "messages must be an array of one or more messages; it is a string."),
            ApiException.BadRequest(ErrorCodes.OutOfRange, "temperature", "temperature must be a number, 0 or from 0.000001 to 2; it is 3."),
            ApiException.BadRequest(ErrorCodes.MissingField, "messages[0].role", "messages[0].role is missing: a string."),
            ApiException.BadRequest(ErrorCodes.DuplicateField, "seed", "seed is there twice."),
            ApiException.BadRequest(ErrorCodes.ConflictingFields, "tool_choice", "tool_choice asks for a call, but there are no tools."),
            ApiException.BadRequest(
                ErrorCodes.InvalidGrammar, "response_format",
                "response_format can't be enforced, at /properties/tags/contains: The keyword is not supported."),
            ApiException.BadRequest(
                ErrorCodes.UnsupportedParameter, "messages[0].content[0]",
                "messages[0].content[0] is of type image_url: this server's models read texts alone, no images."),
            ApiException.BadRequest(
                ErrorCodes.ChatTemplateFailed, "messages",
                "The model's chat template refuses the messages: Conversation roles must alternate user/assistant/user/assistant/..."),
            ApiException.BadRequest(
                ErrorCodes.ContextLengthExceeded, "messages",
                "This model's maximum context length is 8192 tokens. However, you requested 9016 tokens (9000 in the messages, 16 in the "
                + "completion). Please reduce the length of the messages or completion."),
            ApiException.BadRequest(
                ErrorCodes.TooManySequences, "n", "1 prompts times 300 are 300 sequences; one request may have 256."),
        ],
    };
}
