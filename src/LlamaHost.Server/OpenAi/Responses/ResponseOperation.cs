using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.OpenAi.Responses.Events;
using LlamaHost.Server.OpenApi;

namespace LlamaHost.Server.OpenAi.Responses;

/// <summary>Describes <c>POST /v1/responses</c> in the API document.</summary>
internal static class ResponseOperation
{
    /// <summary>The one description.</summary>
    public static JsonOperation<ResponseRequest> Instance { get; } = new(
        "createResponse", "OpenAI", "Answer in a conversation, as OpenAI's responses do",
        "The shapes are OpenAI's. Fields that are not described here are ignored; those that are must have values in their ranges. With `stream` the "
        + "response comes as server-sent events with names, numbered from 0; comments break long silence. An error after the stream began is a "
        + "`response.failed`. Responses are kept in memory, and do not survive a restart of the server.",
        ResponseParameters.Table, typeof(ResponseObject))
    {
        Examples = ResponseExamples.All,
        ErrorShape = OpenAiErrors.Instance,
        Stream = (typeof(ResponseEvent), ResponseExamples.Events),
        Errors =
        [
            ApiException.BadRequest(ErrorCodes.WrongType, "input", "input must be a string, or an array of items; it is a number."),
            ApiException.BadRequest(ErrorCodes.OutOfRange, "temperature", "temperature must be a number, 0 or from 0.000001 to 2; it is 3."),
            ApiException.BadRequest(ErrorCodes.MissingField, "input[0].content", "input[0].content is missing: a string."),
            ApiException.BadRequest(ErrorCodes.DuplicateField, "seed", "seed is there twice."),
            ApiException.BadRequest(ErrorCodes.ConflictingFields, "tool_choice", "tool_choice asks for a call, but there are no tools."),
            ApiException.BadRequest(
                ErrorCodes.InvalidGrammar, "text.format",
                "text.format can't be enforced, at /properties/tags/contains: The keyword is not supported."),
            ApiException.BadRequest(
                ErrorCodes.UnsupportedParameter, "input[0].content[0]",
                "input[0].content[0] is of type input_image: this server's models read texts alone, no images."),
            ApiException.BadRequest(
                ErrorCodes.ChatTemplateFailed, "input",
                "The model's chat template refuses the messages: Conversation roles must alternate user/assistant/user/assistant/..."),
            ApiException.BadRequest(
                ErrorCodes.ContextLengthExceeded, "input",
                "This model's maximum context length is 8192 tokens. However, you requested 9016 tokens (9000 in the input, 16 in the completion). "
                + "Please reduce the length of the input or completion."),
        ],
    };
}
