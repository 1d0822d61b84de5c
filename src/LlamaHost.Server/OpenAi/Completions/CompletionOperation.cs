using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.OpenApi;

namespace LlamaHost.Server.OpenAi.Completions;

/// <summary>Describes <c>POST /v1/completions</c> in the API document.</summary>
internal static class CompletionOperation
{
    /// <summary>The one description.</summary>
    public static JsonOperation<CompletionRequest> Instance { get; } = new(
        "createCompletion", "OpenAI", "Continue prompts, as OpenAI's legacy completions do",
        "The shapes are OpenAI's. Fields that are not described here are ignored; those that are must have values in their ranges. With `stream` the "
        + "answer comes as server-sent events of data alone, each a chunk in the same shape, the last one `[DONE]`; comments break long silence. "
        + "An error after the stream began is its last event.",
        CompletionParameters.Table, typeof(CompletionResponse))
    {
        Examples =
        [
            new("prompt", "Continue a text", """{"prompt": "Once upon a time", "max_tokens": 2, "temperature": 0}""", Answer),
            new("scoring", "Log-probabilities of a text, nothing generated",
                """{"prompt": "The capital", "max_tokens": 0, "echo": true, "logprobs": 1}""", Scored),
            new("several", "The two best of four, drawn from a narrowed distribution",
                """
                {"prompt": ["Once upon a time", "In a hole"], "max_tokens": 8, "n": 2, "best_of": 4, "temperature": 0.8, "top_p": 0.9, "seed": 7,
                 "stop": ["\n"], "logit_bias": {"11": -5}, "presence_penalty": 0.1, "frequency_penalty": 0.1, "user": "me"}
                """, Answer),
            new("local", "With what other local servers have added",
                """
                {"prompt": [5, 6, 7], "suffix": null, "max_tokens": 8, "top_k": 40, "min_p": 0.05, "typical_p": 0.95, "repetition_penalty": 1.1,
                 "repeat_penalty": 1.1, "xtc_probability": 0.1, "xtc_threshold": 0.2, "min_tokens": 1, "ignore_eos": false, "stop_token_ids": [2],
                 "skip_special_tokens": true, "priority": 1, "cache_salt": "mine"}
                """, Answer),
            new("regex", "Text that matches an expression",
                """{"prompt": "A number:", "regex": " [0-9]{1,3}", "max_tokens": 8, "guided_regex": null}""", Answer),
            new("grammar", "Text that matches a grammar",
                """{"prompt": "Yes or no?", "grammar": "root ::= \"yes\" | \"no\"", "max_tokens": 8, "guided_grammar": null}""", Answer),
            new("schema", "Text that is JSON of a schema",
                """{"prompt": "A flag:", "json_schema": {"type": "boolean"}, "max_tokens": 8, "guided_json": null}""", Answer),
            new("stream", "In chunks, with the usage at the end",
                """{"prompt": "Once upon a time", "max_tokens": 2, "stream": true, "stream_options": {"include_usage": true}}""", Answer),
        ],
        ErrorShape = OpenAiErrors.Instance,
        Stream = (typeof(CompletionResponse), Chunks),
        Errors =
        [
            ApiException.BadRequest(ErrorCodes.WrongType, "max_tokens", "max_tokens must be an integer, 0 or more; it is a string."),
            ApiException.BadRequest(ErrorCodes.OutOfRange, "temperature", "temperature must be a number, 0 or from 0.000001 to 2; it is 3."),
            ApiException.BadRequest(ErrorCodes.MissingField, "prompt", "prompt is missing: a string, an array of token ids, or an array of either."),
            ApiException.BadRequest(ErrorCodes.DuplicateField, "seed", "seed is there twice."),
            ApiException.BadRequest(ErrorCodes.ConflictingFields, "best_of", "best_of is 1, but n is 2: the choices are the best n of best_of."),
            ApiException.BadRequest(ErrorCodes.InvalidGrammar, "regex", "regex can't be enforced, at 3: a group is not closed."),
            ApiException.BadRequest(
                ErrorCodes.ContextLengthExceeded, "prompt",
                "This model's maximum context length is 8192 tokens. However, you requested 9016 tokens (9000 in the prompt, 16 in the completion). "
                + "Please reduce the length of the prompt or completion."),
            ApiException.BadRequest(ErrorCodes.UnsupportedByModel, "suffix", "suffix can't be used with this model."),
            ApiException.BadRequest(
                ErrorCodes.TooManySequences, "n", "10 prompts times 100 are 1000 sequences; one request may have 256."),
        ],
    };

    private const string Answer =
        """
        {
          "id": "cmpl-0198c0ffee", "object": "text_completion", "created": 1767225600, "model": "SmolLM2-135M-Instruct.Q4_1",
          "system_fingerprint": "fp_44709d6fcb",
          "choices": [{"index": 0, "text": ", in", "logprobs": null, "finish_reason": "length"}],
          "usage": {"prompt_tokens": 4, "completion_tokens": 2, "total_tokens": 6, "prompt_tokens_details": {"cached_tokens": 0}}
        }
        """;

    private const string Scored =
        """
        {
          "id": "cmpl-0198c0ffee", "object": "text_completion", "created": 1767225600, "model": "SmolLM2-135M-Instruct.Q4_1",
          "system_fingerprint": "fp_44709d6fcb",
          "choices": [{
            "index": 0, "text": "The capital",
            "logprobs": {
              "tokens": ["The", " capital"], "token_logprobs": [null, -11.54], "top_logprobs": [null, {" following": -3.1, " capital": -11.54}],
              "text_offset": [0, 3]
            },
            "finish_reason": "length"
          }],
          "usage": {"prompt_tokens": 2, "completion_tokens": 0, "total_tokens": 2, "prompt_tokens_details": {"cached_tokens": 0}}
        }
        """;

    private const string Chunks =
        """
        data: {"id":"cmpl-0198c0ffee","object":"text_completion","created":1767225600,"model":"m","system_fingerprint":"fp_44","choices":[…]}

        data: [DONE]


        """;
}
