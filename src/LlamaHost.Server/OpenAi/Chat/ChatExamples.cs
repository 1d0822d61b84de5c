using LlamaHost.Server.OpenApi;

namespace LlamaHost.Server.OpenAi.Chat;

/// <summary>Documented calls of <c>POST /v1/chat/completions</c>.</summary>
internal static class ChatExamples
{
    /// <summary>A whole stream.</summary>
    public static string Chunks { get; } = string.Concat(
        Chunk("""{"role":"assistant","content":""}""", "null"), Chunk("""{"content":"Hello"}""", "null"), Chunk("{}", "\"stop\""),
        "data: [DONE]\n\n");

    /// <summary>The calls.</summary>
    public static IReadOnlyList<CallExample> All { get; } =
    [
        new("question", "A question",
            """{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi!"}], "max_completion_tokens": 8}""",
            Answer("""{"role": "assistant", "content": "Hello! How can I help you?", "refusal": null}""", "stop")),
        new("sampling", "Two answers, drawn from a narrowed distribution",
            """
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "Tell me a story."}]}], "max_tokens": 8, "n": 2, "temperature": 0.8,
             "top_p": 0.9, "seed": 7, "stop": ["\n"], "logit_bias": {"11": -5}, "presence_penalty": 0.1, "frequency_penalty": 0.1, "user": "me",
             "modalities": ["text"]}
            """,
            Answer("""{"role": "assistant", "content": "Once upon a time, there was", "refusal": null}""", "length")),
        new("local", "With what other local servers have added",
            """
            {"messages": [{"role": "user", "content": "Hi!"}], "max_tokens": 8, "top_k": 40, "min_p": 0.05, "typical_p": 0.95,
             "repetition_penalty": 1.1, "repeat_penalty": 1.1, "xtc_probability": 0.1, "xtc_threshold": 0.2, "min_tokens": 1, "ignore_eos": false,
             "stop_token_ids": [2], "skip_special_tokens": true, "priority": 1, "cache_salt": "mine", "reasoning_effort": "low",
             "chat_template_kwargs": {"enable_thinking": false}}
            """,
            Answer("""{"role": "assistant", "content": "Hello! How can I help you?", "refusal": null}""", "length")),
        new("prefill", "An answer to go on with",
            """
            {"messages": [{"role": "user", "content": "Name a colour."}, {"role": "assistant", "content": "A nice one is"}],
             "continue_final_message": true, "max_tokens": 4}
            """,
            Answer("""{"role": "assistant", "content": " blue.", "refusal": null}""", "stop")),
        new("schema", "JSON that a schema lets through",
            """
            {"messages": [{"role": "user", "content": "A person?"}], "max_tokens": 40, "response_format": {"type": "json_schema", "json_schema": {
              "name": "person", "strict": true, "schema": {"type": "object", "properties": {"name": {"type": "string", "maxLength": 10},
              "age": {"type": "integer", "minimum": 0, "maximum": 150}}, "required": ["name", "age"], "additionalProperties": false}}}}
            """,
            Answer("""{"role": "assistant", "content": "{\"name\": \"Ada\", \"age\": 36}", "refusal": null}""", "stop")),
        new("tool", "A call of a tool",
            """
            {"messages": [{"role": "user", "content": "What is the weather in Paris?"}], "max_tokens": 60, "tool_choice": "required",
             "parallel_tool_calls": false, "tools": [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object",
              "properties": {"city": {"type": "string", "maxLength": 10}}, "required": ["city"], "additionalProperties": false}}}]}
            """,
            Answer(
                """
                {"role": "assistant", "content": null, "refusal": null, "tool_calls": [{"id": "call_0198c0ffee", "type": "function",
                 "function": {"name": "weather", "arguments": "{\"city\": \"Paris\"}"}}]}
                """, "tool_calls")),
        new("tool_answer", "The tool's answer",
            """
            {"messages": [{"role": "user", "content": "What is the weather in Paris?"},
              {"role": "assistant", "content": null, "tool_calls": [{"id": "call_1", "type": "function",
               "function": {"name": "weather", "arguments": "{\"city\": \"Paris\"}"}}]},
              {"role": "tool", "tool_call_id": "call_1", "content": "Sunny, 21 °C"}], "max_tokens": 8}
            """,
            Answer("""{"role": "assistant", "content": "It is sunny in Paris.", "refusal": null}""", "stop")),
        new("logprobs", "How likely each token was",
            """{"messages": [{"role": "user", "content": "Hi!"}], "max_tokens": 1, "temperature": 0, "logprobs": true, "top_logprobs": 1}""",
            Answer("""{"role": "assistant", "content": "Hello", "refusal": null}""", "length",
                """
                {"content": [{"token": "Hello", "logprob": -0.4, "bytes": [72, 101, 108, 108, 111],
                 "top_logprobs": [{"token": "Hello", "logprob": -0.4, "bytes": [72, 101, 108, 108, 111]}]}], "refusal": null}
                """)),
        new("regex", "Text that matches an expression",
            """{"messages": [{"role": "user", "content": "A number?"}], "regex": "[0-9]{1,3}", "max_tokens": 8, "guided_regex": null}""",
            Answer("""{"role": "assistant", "content": "42", "refusal": null}""", "stop")),
        new("grammar", "Text that matches a grammar",
            """
            {"messages": [{"role": "user", "content": "Yes or no?"}], "grammar": "root ::= \"yes\" | \"no\"", "max_tokens": 8, "guided_grammar": null}
            """,
            Answer("""{"role": "assistant", "content": "yes", "refusal": null}""", "stop")),
        new("flag", "Text that is JSON of a schema",
            """{"messages": [{"role": "user", "content": "A flag?"}], "json_schema": {"type": "boolean"}, "max_tokens": 8, "guided_json": null}""",
            Answer("""{"role": "assistant", "content": "true", "refusal": null}""", "stop")),
        new("stream", "In chunks, with the usage at the end",
            """{"messages": [{"role": "user", "content": "Hi!"}], "max_tokens": 2, "stream": true, "stream_options": {"include_usage": true}}""",
            Answer("""{"role": "assistant", "content": "Hello!", "refusal": null}""", "length")),
    ];

    private static string Chunk(string delta, string finishReason) =>
        """
        data: {"id":"chatcmpl-0198c0ffee","object":"chat.completion.chunk","created":1767225600,"model":"m","system_fingerprint":"fp_44709d6fcb",
        """
        + $$$"""
        "choices":[{"index":0,"delta":{{{delta}}},"logprobs":null,"finish_reason":{{{finishReason}}}}]}
        """
        + "\n\n";

    private static string Answer(string message, string finishReason, string logprobs = "null") =>
        $$$"""
        {
          "id": "chatcmpl-0198c0ffee", "object": "chat.completion", "created": 1767225600, "model": "SmolLM2-135M-Instruct.Q4_1",
          "system_fingerprint": "fp_44709d6fcb",
          "choices": [{"index": 0, "message": {{{message}}}, "logprobs": {{{logprobs}}}, "finish_reason": "{{{finishReason}}}"}],
          "usage": {"prompt_tokens": 31, "completion_tokens": 8, "total_tokens": 39, "prompt_tokens_details": {"cached_tokens": 0}}
        }
        """;
}
