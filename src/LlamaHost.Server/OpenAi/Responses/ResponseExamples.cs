using LlamaHost.Server.OpenApi;

namespace LlamaHost.Server.OpenAi.Responses;

/// <summary>Documented calls of <c>POST /v1/responses</c>.</summary>
internal static class ResponseExamples
{
    private const string Text = """{"format": {"type": "text"}, "verbosity": "medium"}""";

    private const string Usage =
        """
        {"input_tokens": 31, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 8, "output_tokens_details": {"reasoning_tokens": 0},
         "total_tokens": 39}
        """;

    /// <summary>The calls.</summary>
    public static IReadOnlyList<CallExample> All { get; } =
    [
        new("question", "A question",
            """{"input": "Hi!", "instructions": "Be brief.", "max_output_tokens": 8}""",
            Answer(Message("Hello! How can I help you?"))),
        new("items", "A conversation in items, which is not kept",
            """
            {"input": [{"role": "user", "content": "Hi!"}, {"role": "assistant", "content": [{"type": "output_text", "text": "Hello!"}]},
              {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Tell me a story."}]}], "max_output_tokens": 8,
             "store": false, "truncation": "disabled", "background": false, "service_tier": "auto", "user": "me", "safety_identifier": "me",
             "prompt_cache_key": "story", "metadata": {"purpose": "test"}, "text": {"format": {"type": "text"}, "verbosity": "low"}}
            """,
            Answer(Message("Once upon a time, there was", "incomplete"), "incomplete")),
        new("sampling", "Drawn from a narrowed distribution",
            """
            {"input": "Tell me a story.", "max_output_tokens": 8, "temperature": 0.8, "top_p": 0.9, "seed": 7, "stop": ["\n"],
             "logit_bias": {"11": -5}, "presence_penalty": 0.1, "frequency_penalty": 0.1}
            """,
            Answer(Message("Once upon a time, there was", "incomplete"), "incomplete")),
        new("local", "With what other local servers have added",
            """
            {"input": "Hi!", "max_output_tokens": 8, "top_k": 40, "min_p": 0.05, "typical_p": 0.95, "repetition_penalty": 1.1, "repeat_penalty": 1.1,
             "xtc_probability": 0.1, "xtc_threshold": 0.2, "min_tokens": 1, "ignore_eos": false, "stop_token_ids": [2], "skip_special_tokens": true,
             "priority": 1, "cache_salt": "mine", "reasoning": {"effort": "low"}, "chat_template_kwargs": {"enable_thinking": false}}
            """,
            Answer(Message("Hello! How can I help you?"))),
        new("prefill", "An answer to go on with",
            """
            {"input": [{"role": "user", "content": "Name a colour."}, {"role": "assistant", "content": "A nice one is"}],
             "continue_final_message": true, "max_output_tokens": 4}
            """,
            Answer(Message(" blue."))),
        new("schema", "JSON that a schema lets through",
            """
            {"input": "A person?", "max_output_tokens": 40, "text": {"format": {"type": "json_schema", "name": "person", "strict": true,
              "schema": {"type": "object", "properties": {"name": {"type": "string", "maxLength": 10},
              "age": {"type": "integer", "minimum": 0, "maximum": 150}}, "required": ["name", "age"], "additionalProperties": false}}}}
            """,
            Answer(Message("{\\\"name\\\": \\\"Ada\\\", \\\"age\\\": 36}"))),
        new("tool", "A call of a tool",
            """
            {"input": "What is the weather in Paris?", "max_output_tokens": 60, "tool_choice": "required", "parallel_tool_calls": false,
             "max_tool_calls": 1, "tools": [{"type": "function", "name": "weather", "description": "Weather of a city", "strict": true,
              "parameters": {"type": "object", "properties": {"city": {"type": "string", "maxLength": 10}}, "required": ["city"],
              "additionalProperties": false}}]}
            """,
            Answer(
                """
                {"type": "function_call", "id": "fc_0198c0ffee", "status": "completed", "call_id": "call_1", "name": "weather",
                 "arguments": "{\"city\": \"Paris\"}"}
                """)),
        new("tool_output", "What came of the call",
            """
            {"input": [{"role": "user", "content": "What is the weather in Paris?"},
              {"type": "function_call", "call_id": "call_1", "name": "weather", "arguments": "{\"city\": \"Paris\"}"},
              {"type": "function_call_output", "call_id": "call_1", "output": "Sunny, 21 °C"}], "max_output_tokens": 8}
            """,
            Answer(Message("It is sunny in Paris."))),
        new("logprobs", "How likely each token was",
            """{"input": "Hi!", "max_output_tokens": 1, "temperature": 0, "include": ["message.output_text.logprobs"], "top_logprobs": 1}""",
            Answer(Message("Hello", "incomplete",
                """
                {"token": "Hello", "logprob": -0.4, "bytes": [72, 101, 108, 108, 111],
                 "top_logprobs": [{"token": "Hello", "logprob": -0.4, "bytes": [72, 101, 108, 108, 111]}]}
                """), "incomplete")),
        new("regex", "Text that matches an expression",
            """{"input": "A number?", "regex": "[0-9]{1,3}", "max_output_tokens": 8, "guided_regex": null}""", Answer(Message("42"))),
        new("grammar", "Text that matches a grammar",
            """{"input": "Yes or no?", "grammar": "root ::= \"yes\" | \"no\"", "max_output_tokens": 8, "guided_grammar": null}""",
            Answer(Message("yes"))),
        new("flag", "Text that is JSON of a schema",
            """{"input": "A flag?", "json_schema": {"type": "boolean"}, "max_output_tokens": 8, "guided_json": null}""", Answer(Message("true"))),
        new("stream", "As events",
            """{"input": "Hi!", "max_output_tokens": 2, "stream": true, "stream_options": {"include_obfuscation": false}}""",
            Answer(Message("Hello!", "incomplete"), "incomplete")),
    ];

    /// <summary>A whole stream.</summary>
    public static string Events { get; } = string.Concat(
        Event(0, "response.created", $""" "response":{Answer("", "in_progress")} """),
        Event(1, "response.in_progress", $""" "response":{Answer("", "in_progress")} """),
        Event(2, "response.output_item.added", $$""" "output_index":0,"item":{{Message(null, "in_progress")}} """),
        Event(3, "response.content_part.added", Of($""" "content_index":0,"part":{Part("")} """)),
        Event(4, "response.output_text.delta", Of(""" "content_index":0,"delta":"Hello!","logprobs":[] """)),
        Event(5, "response.output_text.done", Of(""" "content_index":0,"text":"Hello!","logprobs":[] """)),
        Event(6, "response.content_part.done", Of($""" "content_index":0,"part":{Part("Hello!")} """)),
        Event(7, "response.output_item.done", $""" "output_index":0,"item":{Message("Hello!")} """),
        Event(8, "response.completed", $""" "response":{Answer(Message("Hello!"))} """));

    private static string Of(string fields) => $""" "item_id":"msg_0198c0ffee","output_index":0,{fields.Trim()} """;

    private static string Event(int number, string name, string fields) =>
        $$$"""
        event: {{{name}}}
        data: {"type":"{{{name}}}","sequence_number":{{{number}}},{{{fields.Trim().ReplaceLineEndings("")}}}}


        """;

    private static string Part(string text, string logprobs = "") =>
        $$"""{"type": "output_text", "text": "{{text}}", "annotations": [], "logprobs": [{{logprobs}}]}""";

    private static string Message(string? text, string status = "completed", string logprobs = "") =>
        $$"""
        {"type": "message", "id": "msg_0198c0ffee", "status": "{{status}}", "role": "assistant",
         "content": [{{(text is null ? "" : Part(text, logprobs))}}]}
        """;

    private static string Answer(string output, string status = "completed") =>
        $$$"""
        {"id": "resp_0198c0ffee", "object": "response", "created_at": 1767225600,
         "completed_at": {{{(status == "completed" ? "1767225601" : "null")}}},
         "status": "{{{status}}}", "background": false, "error": null,
         "incomplete_details": {{{(status == "incomplete" ? "{\"reason\": \"max_output_tokens\"}" : "null")}}}, "instructions": null,
         "max_output_tokens": 8, "max_tool_calls": null, "model": "SmolLM2-135M-Instruct.Q4_1", "output": [{{{output}}}], "parallel_tool_calls": true,
         "previous_response_id": null, "prompt_cache_key": null, "reasoning": {"effort": null, "summary": null}, "safety_identifier": null,
         "service_tier": "default", "store": true, "temperature": 1, "text": {{{Text}}}, "tool_choice": "auto", "tools": [], "top_logprobs": 0,
         "top_p": 1, "truncation": "disabled", "usage": {{{(status == "in_progress" ? "null" : Usage)}}}, "user": null, "metadata": {}}
        """;
}
