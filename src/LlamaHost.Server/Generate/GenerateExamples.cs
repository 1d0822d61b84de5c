namespace LlamaHost.Server.Generate;

/// <summary>A request of the documentation. The tests send every one of them.</summary>
/// <param name="Name">Key in the document.</param>
/// <param name="Summary">What it shows.</param>
/// <param name="Body">The JSON.</param>
internal sealed record GenerateExample(string Name, string Summary, string Body);

/// <summary>The documented requests of <c>POST /generate</c>.</summary>
internal static class GenerateExamples
{
    /// <summary>All of them, the simplest first.</summary>
    public static IReadOnlyList<GenerateExample> All { get; } =
    [
        new("greedy", "The most likely continuation, at most 50 tokens with the prompt",
            """{"prompt": "Once upon a time", "max_length": 50, "num_return_sequences": 1}"""),
        new("sampling", "Four different continuations that can be had again",
            """{"prompt": "Once upon a time", "max_new_tokens": 40, "num_return_sequences": 4, "temperature": 0.8, "top_p": 0.95, "seed": 42}"""),
        new("several_prompts", "Two prompts in one request, stopped at the end of a sentence",
            """{"prompt": ["The capital of France is", "The capital of Japan is"], "max_new_tokens": 20, "stop": ".", "return_full_text": false}"""),
        new("details", "Every token with its log-probability and two likely others",
            """{"prompt": "The sky is", "max_new_tokens": 5, "details": true, "logprobs": 2, "priority": 1, "cache_salt": "group-7"}"""),
        new("stream", "Tokens as they come",
            """{"prompt": "Once upon a time", "max_new_tokens": 32, "stream": true}"""),
        new("beam_search", "The three best of four beams, with their scores",
            """
            {"prompt": "The sky is", "max_new_tokens": 12, "num_beams": 4, "num_return_sequences": 3, "early_stopping": true, "length_penalty": 0.8,
                "no_repeat_ngram_size": 2}
            """),
        new("alpaca", "An instruction, in the prompt that Stanford Alpaca's models know",
            """{"template": "alpaca", "instruction": "Translate to French.", "input": "Good morning","""
                + """ "max_new_tokens": 12, "return_full_text": false}"""),
        new("token_ids", "Tokens instead of text, and lengths that count them",
            """{"prompt_token_ids": [63, 94, 319, 614], "min_length": 6, "max_length": 12, "prompt_lookup_num_tokens": 3,"""
                + """ "max_matching_ngram_size": 2}"""),
        new("guidance", "Away from a negative prompt",
            """{"prompt": "The weather is", "negative_prompt": "The weather is bad:", "guidance_scale": 1.5, "max_new_tokens": 12, "stop_strings":"""
                + """ ["."], "max_time": 10}"""),
        new("llama_cpp", "What llama.cpp's users know",
            """
            {
              "prompt": "Once upon a time", "max_new_tokens": 24, "seed": 3, "temperature": 0.9, "frequency_penalty": 0.2, "presence_penalty": 0.1,
              "logit_bias": {"13": -2},
              "dry_multiplier": 0.8, "dry_base": 1.75, "dry_allowed_length": 2, "dry_penalty_last_n": -1, "dry_sequence_breakers": ["\n", "."],
              "xtc_probability": 0.1, "xtc_threshold": 0.1, "top_n_sigma": 2, "dynatemp_range": 0.3, "dynatemp_exponent": 1
            }
            """),
        new("mirostat", "A constant rate of surprise",
            """{"prompt": "Once upon a time", "max_new_tokens": 24, "seed": 3, "mirostat": 2, "mirostat_tau": 4, "mirostat_eta": 0.1}"""),
        new("choices", "The answer is one of these, with the probability of each",
            """{"prompt": "It is too bright in here. Command:", "choices": [" dim the lights", " open the window", " play music"],"""
                + """ "return_full_text": false}"""),
        new("json_schema", "JSON that is valid under a schema",
            """
            {"prompt": "A person as JSON:", "max_new_tokens": 80, "return_full_text": false, "json_schema": {"type": "object",
              "properties": {"name": {"type": "string", "maxLength": 20}, "age": {"type": "integer", "minimum": 0, "maximum": 150}},
              "required": ["name", "age"], "additionalProperties": false}}
            """),
        new("regex", "A text that matches a regular expression",
            """{"prompt": "Call me at", "return_full_text": false, "regex": " [0-9]{3}-[0-9]{4}"}"""),
        new("grammar", "A text that matches a grammar in GBNF",
            """{"prompt": "Is the sky blue?", "return_full_text": false, "grammar": "root ::= \" yes\" | \" no\""}"""),
        new("everything", "Nearly every parameter of Hugging Face at once",
            """
            {
              "prompt": "Write a haiku.", "max_new_tokens": 24, "min_new_tokens": 2, "num_return_sequences": 2, "do_sample": true,
              "eos_token_id": [0, 2],
              "temperature": 0.9, "top_k": 40, "top_p": 0.9, "min_p": 0.05, "top_h": 0.9, "typical_p": 0.95, "epsilon_cutoff": 0.0003,
              "eta_cutoff": 0.0003,
              "repetition_penalty": 1.1, "encoder_repetition_penalty": 1.05, "no_repeat_ngram_size": 4, "encoder_no_repeat_ngram_size": 4,
              "exponential_decay_length_penalty": [12, 1.05], "remove_invalid_values": true, "renormalize_logits": true,
              "bad_words": ["rain"], "bad_words_ids": [[11, 12]], "sequence_bias": [[[13], -0.5]], "suppress_tokens": [5],
              "begin_suppress_tokens": [198],
              "forced_bos_token_id": 9, "forced_eos_token_id": 2, "seed": 7, "stop": ["\n\n"], "stop_token_ids": [1],
              "return_full_text": false, "skip_special_tokens": true, "logprobs": 1, "details": true, "stream": false
            }
            """),
    ];
}
