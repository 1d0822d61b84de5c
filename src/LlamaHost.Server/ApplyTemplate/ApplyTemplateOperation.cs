using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenApi;

namespace LlamaHost.Server.ApplyTemplate;

/// <summary>Describes the operation in the API document.</summary>
internal static class ApplyTemplateOperation
{
    /// <summary><c>POST /apply-template</c>.</summary>
    public static JsonOperation<ApplyTemplateRequest> Instance { get; } = new(
        "applyTemplate", "Chat", "The prompt of a conversation",
        "The text and the tokens that a model is given for a conversation, by its chat template: to count, or to see what is really said.",
        ApplyTemplateRequest.Table, typeof(ApplyTemplateResponse))
    {
        Examples =
        [
            new("question", "A question, up to where the answer begins",
                """{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi!"}]}""",
                """
                {
                  "model": "SmolLM2-135M-Instruct.Q4_1",
                  "prompt": "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi!<|im_end|>\n<|im_start|>assistant\n",
                  "token_ids": [1, 9690, 198, 4590, 6161, 30, 2, 198, 1, 4093, 198, 24009, 17, 2, 198, 1, 520, 9531, 198]
                }
                """),
            new("tools", "With a tool, and a variable for the template",
                """
                {
                  "messages": [{"role": "user", "content": "What is the weather in Paris?"}],
                  "tools": [{"type": "function", "function": {"name": "weather", "description": "Tells the weather of a city.",
                    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}],
                  "add_generation_prompt": false,
                  "chat_template_kwargs": {"enable_thinking": false}
                }
                """,
                """{"model": "SmolLM2-135M-Instruct.Q4_1", "prompt": "<|im_start|>system\n…", "token_ids": [1, 9690, 198]}"""),
            new("prefill", "An answer to go on with",
                """
                {
                  "messages": [{"role": "user", "content": "Name a colour."}, {"role": "assistant", "content": "A nice one is"}],
                  "continue_final_message": true
                }
                """,
                """{"model": "SmolLM2-135M-Instruct.Q4_1", "prompt": "<|im_start|>system\n…", "token_ids": [1, 9690, 198]}"""),
        ],
        Errors =
        [
            ApiException.BadRequest(ErrorCodes.UnknownField, "prompt", "There is no field \"prompt\"."),
            ApiException.BadRequest(ErrorCodes.MissingField, "messages[0].role", "messages[0].role is missing: a string."),
            ApiException.BadRequest(ErrorCodes.WrongType, "messages", "messages must be an array of one or more messages; it is a string."),
            ApiException.BadRequest(
                ErrorCodes.UnsupportedParameter, "messages[0].content[0]",
                "messages[0].content[0] is of type image_url: this server's models read texts alone, no images."),
            ApiException.BadRequest(
                ErrorCodes.OutOfRange, "messages[0].role",
                "messages[0].role must be system, developer, user, assistant, tool or function; it is \"me\"."),
            ApiException.BadRequest(ErrorCodes.DuplicateField, "messages", "messages is there twice."),
            ApiException.BadRequest(
                ErrorCodes.ChatTemplateFailed, "messages",
                "The model's chat template refuses the messages: Conversation roles must alternate user/assistant/user/assistant/..."),
            ApiException.BadRequest(ErrorCodes.TemplatesNotAllowed, "template", "This server takes no templates from requests."),
        ],
    };
}
