using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenApi;

namespace LlamaHost.Server.Tokenize;

/// <summary>Describes the operations of this API in the API document.</summary>
internal static class TokenizeOperations
{
    /// <summary><c>POST /tokenize</c>.</summary>
    public static JsonOperation<TokenizeRequest> Tokenize { get; } = new(
        "tokenize", "Tokenize", "Token ids of a text",
        "The ids are those of Hugging Face's tokenizer of the same model.", TokenizeRequest.Table, typeof(TokenizeResponse))
    {
        Examples =
        [
            new("text", "A text as it would be prompted with",
                """{"text": "Hello, world!"}""",
                """{"model": "SmolLM2-135M-Instruct.Q4_1", "token_ids": [19556, 28, 905, 17], "tokens": ["Hello", ",", " world", "!"]}"""),
            new("bare", "Without the tokens that a tokenizer adds",
                """{"text": "Hello", "add_special_tokens": false}""",
                """{"model": "SmolLM2-135M-Instruct.Q4_1", "token_ids": [19556], "tokens": ["Hello"]}"""),
        ],
        Errors =
        [
            ApiException.BadRequest(ErrorCodes.UnknownField, "content", "There is no field \"content\". Did you mean text?"),
            ApiException.BadRequest(ErrorCodes.WrongType, "text", "text must be a string; it is an array."),
            ApiException.BadRequest(ErrorCodes.MissingField, "text", "text is missing: a string."),
            ApiException.BadRequest(ErrorCodes.DuplicateField, "text", "text is there twice."),
        ],
    };

    /// <summary><c>POST /detokenize</c>.</summary>
    public static JsonOperation<DetokenizeRequest> Detokenize { get; } = new(
        "detokenize", "Tokenize", "Text of token ids",
        "The text is what Hugging Face's tokenizer of the same model decodes.", DetokenizeRequest.Table, typeof(DetokenizeResponse))
    {
        Examples =
        [
            new("tokens", "Tokens of a text",
                """{"token_ids": [504, 282]}""",
                """{"model": "SmolLM2-135M-Instruct.Q4_1", "text": "The of"}"""),
            new("special", "With special tokens",
                """{"token_ids": [1, 504, 2], "skip_special_tokens": false}""",
                """{"model": "SmolLM2-135M-Instruct.Q4_1", "text": "<|im_start|>The<|im_end|>"}"""),
        ],
        Errors =
        [
            ApiException.BadRequest(ErrorCodes.UnknownField, "ids", "There is no field \"ids\". Did you mean token_ids?"),
            ApiException.BadRequest(ErrorCodes.WrongType, "token_ids", "token_ids[0] must be an integer, 0 or more; it is a string."),
            ApiException.BadRequest(ErrorCodes.OutOfRange, "token_ids", "token_ids holds 50000; the model's token ids are 0 to 49151."),
            ApiException.BadRequest(ErrorCodes.MissingField, "token_ids", "token_ids is missing: an array of token ids."),
            ApiException.BadRequest(ErrorCodes.DuplicateField, "token_ids", "token_ids is there twice."),
        ],
    };
}
