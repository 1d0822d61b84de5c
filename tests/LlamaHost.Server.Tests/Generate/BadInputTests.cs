using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Generate;

/// <summary>Whatever a client sends, the answer is a 4xx that says what is wrong, and the server goes on.</summary>
public sealed class BadInputTests(TinyServer server) : IClassFixture<TinyServer>
{
    private const string InvalidJson = "invalid_json", UnknownField = "unknown_field", WrongType = "wrong_type", OutOfRange = "out_of_range",
        Conflict = "conflicting_fields", Context = "context_length_exceeded", InvalidUtf8 = "invalid_utf8",
            UnsupportedParameter = "unsupported_parameter", InvalidGrammar = "invalid_grammar";

    public static TheoryData<string, string, string?> Bodies => new()
    {
        { "", InvalidJson, null },
        { "prompt", InvalidJson, null },
        { "[]", InvalidJson, null },
        { "null", InvalidJson, null },
        { "\"prompt\"", InvalidJson, null },
        { """{"prompt": "a" """, InvalidJson, null },
        { """{"prompt": "a",}""", InvalidJson, null },
        { """{'prompt': 'a'}""", InvalidJson, null },
        { """{"prompt": "a"} {"prompt": "b"}""", InvalidJson, null },
        { """{"prompt": "a"} // comment""", InvalidJson, null },
        { """{"prompt": "a", "temperature": NaN}""", InvalidJson, null },
        { """{"prompt": "a", "temperature": Infinity}""", InvalidJson, null },
        { """{"prompt": "a", "seed": 01}""", InvalidJson, null },
        { $$"""{"prompt": {{new string('[', 500)}}{{new string(']', 500)}}}""", InvalidJson, null },
        { """{"prompt": "\ud800"}""", InvalidUtf8, "prompt" },
        { """{"prompt": "a", "stop": ["\udc00"]}""", InvalidUtf8, "stop" },
        { """{"prompt": "a", "\ud800": 1}""", InvalidUtf8, null },
        { "{}", "missing_field", "prompt" },
        { """{"max_length": 50}""", "missing_field", "prompt" },
        { """{"prompt": null}""", "missing_field", "prompt" },
        { """{"prompt": 5}""", WrongType, "prompt" },
        { """{"prompt": {"text": "a"}}""", WrongType, "prompt" },
        { """{"prompt": []}""", OutOfRange, "prompt" },
        { """{"prompt": ["a", 5]}""", WrongType, "prompt" },
        { """{"prompt": ["a", null]}""", WrongType, "prompt" },
        { """{"prompt": ["a", ["b"]]}""", WrongType, "prompt" },
        { """{"prompt": ""}""", "empty_prompt", "prompt" },
        { """{"prompt": ["a", ""]}""", "empty_prompt", "prompt" },
        { $$"""{"prompt": "{{new string('a', 5000)}}"}""", Context, "prompt" },
        { """{"prompt": "a", "prompt": "b"}""", "duplicate_field", "prompt" },
        { """{"prompt": "a", "seed": 1, "\u0073eed": 1}""", "duplicate_field", "seed" },
        { """{"prompt": "a", "grammar": "root ::= x"}""", InvalidGrammar, "grammar" },
        { """{"prompt": "a", "grammar": "root ::= root"}""", InvalidGrammar, "grammar" },
        { """{"prompt": "a", "grammar": ""}""", OutOfRange, "grammar" },
        { """{"prompt": "a", "regex": "(?=a)"}""", InvalidGrammar, "regex" },
        { """{"prompt": "a", "json_schema": {"not": {}}}""", InvalidGrammar, "json_schema" },
        { """{"prompt": "a", "json_schema": {"const": "\ud800"}}""", InvalidGrammar, "json_schema" },
        { """{"prompt": "a", "json_schema": "{}"}""", WrongType, "json_schema" },
        { """{"prompt": "a", "json_schema": {}, "regex": "a"}""", Conflict, "regex" },
        { """{"prompt": "a", "choices": ["b"], "regex": "a"}""", Conflict, "regex" },
        { """{"prompt": "a", "colour": 1}""", UnknownField, "colour" },
        { """{"prompt": "a", "": 1}""", UnknownField, "" },
        { """{"prompt": "a", "Prompt": "b"}""", UnknownField, "Prompt" },
        { """{"prompt": "a", "max_tokens": 5}""", UnknownField, "max_tokens" },
        { """{"prompt": "a", "max_length": "50"}""", WrongType, "max_length" },
        { """{"prompt": "a", "max_length": 0}""", OutOfRange, "max_length" },
        { """{"prompt": "a", "max_length": -1}""", OutOfRange, "max_length" },
        { """{"prompt": "a", "max_length": 1.5}""", WrongType, "max_length" },
        { """{"prompt": "a", "max_length": 1e99}""", OutOfRange, "max_length" },
        { """{"prompt": "a", "max_length": 1e999}""", OutOfRange, "max_length" },
        { """{"prompt": "a", "max_length": 2147483648}""", OutOfRange, "max_length" },
        { """{"prompt": "a", "max_length": 99999999999999999999999999999}""", OutOfRange, "max_length" },
        { """{"prompt": "a", "max_length": [50]}""", WrongType, "max_length" },
        { """{"prompt": "a", "max_length": 1}""", "max_length_below_prompt", "max_length" },
        { """{"prompt": "a", "max_length": 513}""", Context, "max_length" },
        { """{"prompt": "a", "max_new_tokens": 0}""", OutOfRange, "max_new_tokens" },
        { """{"prompt": "a", "max_new_tokens": 512}""", Context, "max_new_tokens" },
        { """{"prompt": "a", "max_new_tokens": 2147483647}""", Context, "max_new_tokens" },
        { """{"prompt": "a", "max_new_tokens": true}""", WrongType, "max_new_tokens" },
        { """{"prompt": "a", "min_new_tokens": -1}""", OutOfRange, "min_new_tokens" },
        { """{"prompt": "a", "num_return_sequences": 0}""", OutOfRange, "num_return_sequences" },
        { """{"prompt": "a", "num_return_sequences": 2.5}""", WrongType, "num_return_sequences" },
        { """{"prompt": "a", "num_return_sequences": 5000}""", OutOfRange, "num_return_sequences" },
        { """{"prompt": "a", "num_return_sequences": 300}""", "too_many_sequences", "num_return_sequences" },
        { """{"prompt": ["a", "b"], "num_return_sequences": 129}""", "too_many_sequences", "num_return_sequences" },
        { """{"prompt": "a", "num_return_sequences": 2, "do_sample": false}""", Conflict, "num_return_sequences" },
        { """{"prompt": "a", "num_return_sequences": 2, "temperature": 0}""", Conflict, "num_return_sequences" },
        { """{"prompt": "a", "do_sample": 1}""", WrongType, "do_sample" },
        { """{"prompt": "a", "do_sample": "true"}""", WrongType, "do_sample" },
        { """{"prompt": "a", "do_sample": true, "temperature": 0}""", Conflict, "temperature" },
        { """{"prompt": "a", "temperature": -0.1}""", OutOfRange, "temperature" },
        { """{"prompt": "a", "temperature": 1e-30}""", OutOfRange, "temperature" },
        { """{"prompt": "a", "temperature": 1e400}""", OutOfRange, "temperature" },
        { """{"prompt": "a", "temperature": "hot"}""", WrongType, "temperature" },
        { """{"prompt": "a", "top_k": -1}""", OutOfRange, "top_k" },
        { """{"prompt": "a", "top_p": 0}""", OutOfRange, "top_p" },
        { """{"prompt": "a", "top_p": 1.01}""", OutOfRange, "top_p" },
        { """{"prompt": "a", "min_p": -0.1}""", OutOfRange, "min_p" },
        { """{"prompt": "a", "min_p": 1.1}""", OutOfRange, "min_p" },
        { """{"prompt": "a", "repetition_penalty": 0}""", OutOfRange, "repetition_penalty" },
        { """{"prompt": "a", "repetition_penalty": -1}""", OutOfRange, "repetition_penalty" },
        { """{"prompt": "a", "seed": -1}""", OutOfRange, "seed" },
        { """{"prompt": "a", "seed": 0.5}""", WrongType, "seed" },
        { """{"prompt": "a", "seed": 18446744073709551616}""", OutOfRange, "seed" },
        { """{"prompt": "a", "seed": "1"}""", WrongType, "seed" },
        { """{"prompt": "a", "stop": ""}""", OutOfRange, "stop" },
        { """{"prompt": "a", "stop": ["x", ""]}""", OutOfRange, "stop" },
        { """{"prompt": "a", "stop": 5}""", WrongType, "stop" },
        { $$"""{"prompt": "a", "stop": [{{string.Join(",", Enumerable.Repeat("\"x\"", 65))}}]}""", OutOfRange, "stop" },
        { $$"""{"prompt": "a", "stop": "{{new string('x', 1001)}}"}""", OutOfRange, "stop" },
        { """{"prompt": "a", "stop_token_ids": 5}""", WrongType, "stop_token_ids" },
        { """{"prompt": "a", "stop_token_ids": [-1]}""", OutOfRange, "stop_token_ids" },
        { """{"prompt": "a", "stop_token_ids": [1024]}""", OutOfRange, "stop_token_ids" },
        { """{"prompt": "a", "stop_token_ids": ["a"]}""", WrongType, "stop_token_ids" },
        { """{"prompt": "a", "min_length": -1}""", OutOfRange, "min_length" },
        { """{"prompt": "a", "min_length": "a"}""", WrongType, "min_length" },
        { """{"prompt": "a", "max_time": 0}""", OutOfRange, "max_time" },
        { """{"prompt": "a", "max_time": -1}""", OutOfRange, "max_time" },
        { """{"prompt": "a", "max_time": true}""", WrongType, "max_time" },
        { """{"prompt": "a", "max_time": 1e9}""", OutOfRange, "max_time" },
        { """{"prompt": "a", "stop_strings": ""}""", OutOfRange, "stop_strings" },
        { """{"prompt": "a", "stop_strings": 5}""", WrongType, "stop_strings" },
        { """{"prompt": "a", "stop_strings": ["x", 5]}""", WrongType, "stop_strings" },
        { """{"prompt": "a", "stop_strings": ["x", ""]}""", OutOfRange, "stop_strings" },
        { """{"prompt": "a", "eos_token_id": -1}""", OutOfRange, "eos_token_id" },
        { """{"prompt": "a", "eos_token_id": 1024}""", OutOfRange, "eos_token_id" },
        { """{"prompt": "a", "eos_token_id": [2, 1024]}""", OutOfRange, "eos_token_id" },
        { """{"prompt": "a", "eos_token_id": "2"}""", WrongType, "eos_token_id" },
        { """{"prompt": "a", "eos_token_id": [null]}""", WrongType, "eos_token_id" },
        { """{"prompt": "a", "eos_token_id": 2.5}""", WrongType, "eos_token_id" },
        { """{"prompt": "a", "eos_token_id": {}}""", WrongType, "eos_token_id" },
        { """{"prompt": "a", "num_beams": 0}""", OutOfRange, "num_beams" },
        { """{"prompt": "a", "num_beams": -1}""", OutOfRange, "num_beams" },
        { """{"prompt": "a", "num_beams": 257}""", OutOfRange, "num_beams" },
        { """{"prompt": "a", "num_beams": 2.5}""", WrongType, "num_beams" },
        { """{"prompt": "a", "num_beams": "4"}""", WrongType, "num_beams" },
        { """{"prompt": "a", "early_stopping": "sometimes"}""", OutOfRange, "early_stopping" },
        { """{"prompt": "a", "early_stopping": 1}""", WrongType, "early_stopping" },
        { """{"prompt": "a", "early_stopping": "\ud800"}""", InvalidUtf8, "early_stopping" },
        { """{"prompt": "a", "early_stopping": []}""", WrongType, "early_stopping" },
        { """{"prompt": "a", "length_penalty": 51}""", OutOfRange, "length_penalty" },
        { """{"prompt": "a", "length_penalty": "1"}""", WrongType, "length_penalty" },
        { """{"prompt": "a", "length_penalty": 1e400}""", OutOfRange, "length_penalty" },
        { """{"prompt": "a", "prompt_lookup_num_tokens": 0}""", OutOfRange, "prompt_lookup_num_tokens" },
        { """{"prompt": "a", "prompt_lookup_num_tokens": "3"}""", WrongType, "prompt_lookup_num_tokens" },
        { """{"prompt": "a", "max_matching_ngram_size": 0}""", OutOfRange, "max_matching_ngram_size" },
        { """{"prompt": "a", "max_matching_ngram_size": 1.5}""", WrongType, "max_matching_ngram_size" },
        { """{"prompt": "a", "encoder_repetition_penalty": 0}""", OutOfRange, "encoder_repetition_penalty" },
        { """{"prompt": "a", "encoder_repetition_penalty": -1}""", OutOfRange, "encoder_repetition_penalty" },
        { """{"prompt": "a", "no_repeat_ngram_size": -1}""", OutOfRange, "no_repeat_ngram_size" },
        { """{"prompt": "a", "no_repeat_ngram_size": 1.5}""", WrongType, "no_repeat_ngram_size" },
        { """{"prompt": "a", "encoder_no_repeat_ngram_size": -1}""", OutOfRange, "encoder_no_repeat_ngram_size" },
        { """{"prompt": "a", "encoder_no_repeat_ngram_size": "2"}""", WrongType, "encoder_no_repeat_ngram_size" },
        { """{"prompt": "a", "exponential_decay_length_penalty": [1]}""", OutOfRange, "exponential_decay_length_penalty" },
        { """{"prompt": "a", "exponential_decay_length_penalty": [1, 1.1, 1]}""", OutOfRange, "exponential_decay_length_penalty" },
        { """{"prompt": "a", "exponential_decay_length_penalty": 1.1}""", WrongType, "exponential_decay_length_penalty" },
        { """{"prompt": "a", "exponential_decay_length_penalty": ["a", 1.1]}""", WrongType, "exponential_decay_length_penalty" },
        { """{"prompt": "a", "exponential_decay_length_penalty": [-1, 1.1]}""", OutOfRange, "exponential_decay_length_penalty" },
        { """{"prompt": "a", "exponential_decay_length_penalty": [1, 0]}""", OutOfRange, "exponential_decay_length_penalty" },
        { """{"prompt": "a", "exponential_decay_length_penalty": [1.5, 1]}""", WrongType, "exponential_decay_length_penalty" },
        { """{"prompt": "a", "guidance_scale": "a"}""", WrongType, "guidance_scale" },
        { """{"prompt": "a", "guidance_scale": 1e9}""", OutOfRange, "guidance_scale" },
        { """{"prompt": "a", "negative_prompt": 5}""", WrongType, "negative_prompt" },
        { """{"prompt": "a", "remove_invalid_values": 1}""", WrongType, "remove_invalid_values" },
        { """{"prompt": "a", "renormalize_logits": "true"}""", WrongType, "renormalize_logits" },
        { """{"prompt": "a", "bad_words_ids": []}""", OutOfRange, "bad_words_ids" },
        { """{"prompt": "a", "bad_words_ids": [[]]}""", OutOfRange, "bad_words_ids" },
        { """{"prompt": "a", "bad_words_ids": [5]}""", WrongType, "bad_words_ids" },
        { """{"prompt": "a", "bad_words_ids": [[-1]]}""", OutOfRange, "bad_words_ids" },
        { """{"prompt": "a", "bad_words_ids": [[1024]]}""", OutOfRange, "bad_words_ids" },
        { """{"prompt": "a", "bad_words_ids": [["a"]]}""", WrongType, "bad_words_ids" },
        { """{"prompt": "a", "bad_words_ids": "a"}""", WrongType, "bad_words_ids" },
        { """{"prompt": "a", "bad_words": []}""", OutOfRange, "bad_words" },
        { """{"prompt": "a", "bad_words": "a"}""", WrongType, "bad_words" },
        { """{"prompt": "a", "bad_words": [""]}""", OutOfRange, "bad_words" },
        { """{"prompt": "a", "bad_words": [5]}""", WrongType, "bad_words" },
        { """{"prompt": "a", "sequence_bias": []}""", OutOfRange, "sequence_bias" },
        { """{"prompt": "a", "sequence_bias": {}}""", WrongType, "sequence_bias" },
        { """{"prompt": "a", "sequence_bias": [[5], 1]}""", OutOfRange, "sequence_bias" },
        { """{"prompt": "a", "sequence_bias": [[[5], 1, 2]]}""", OutOfRange, "sequence_bias" },
        { """{"prompt": "a", "sequence_bias": [[[], 1]]}""", OutOfRange, "sequence_bias" },
        { """{"prompt": "a", "sequence_bias": [[[1024], 1]]}""", OutOfRange, "sequence_bias" },
        { """{"prompt": "a", "sequence_bias": [[[5], "a"]]}""", WrongType, "sequence_bias" },
        { """{"prompt": "a", "sequence_bias": [[[5], 1e9]]}""", OutOfRange, "sequence_bias" },
        { """{"prompt": "a", "suppress_tokens": 5}""", WrongType, "suppress_tokens" },
        { """{"prompt": "a", "suppress_tokens": [-1]}""", OutOfRange, "suppress_tokens" },
        { """{"prompt": "a", "suppress_tokens": [1024]}""", OutOfRange, "suppress_tokens" },
        { """{"prompt": "a", "begin_suppress_tokens": 5}""", WrongType, "begin_suppress_tokens" },
        { """{"prompt": "a", "begin_suppress_tokens": [1024]}""", OutOfRange, "begin_suppress_tokens" },
        { """{"prompt": "a", "forced_bos_token_id": [5]}""", WrongType, "forced_bos_token_id" },
        { """{"prompt": "a", "forced_bos_token_id": 1024}""", OutOfRange, "forced_bos_token_id" },
        { """{"prompt": "a", "forced_bos_token_id": -1}""", OutOfRange, "forced_bos_token_id" },
        { """{"prompt": "a", "forced_eos_token_id": 1024}""", OutOfRange, "forced_eos_token_id" },
        { """{"prompt": "a", "forced_eos_token_id": []}""", OutOfRange, "forced_eos_token_id" },
        { """{"prompt": "a", "forced_eos_token_id": "a"}""", WrongType, "forced_eos_token_id" },
        { """{"prompt": "a", "logit_bias": {"a": 1}}""", OutOfRange, "logit_bias" },
        { """{"prompt": "a", "logit_bias": {"-1": 1}}""", OutOfRange, "logit_bias" },
        { """{"prompt": "a", "logit_bias": {"1024": 1}}""", OutOfRange, "logit_bias" },
        { """{"prompt": "a", "logit_bias": {"5": "a"}}""", WrongType, "logit_bias" },
        { """{"prompt": "a", "logit_bias": {"5": true}}""", WrongType, "logit_bias" },
        { """{"prompt": "a", "logit_bias": {"\ud800": 1}}""", InvalidUtf8, "logit_bias" },
        { """{"prompt": "a", "logit_bias": [[5]]}""", OutOfRange, "logit_bias" },
        { """{"prompt": "a", "logit_bias": [5]}""", WrongType, "logit_bias" },
        { """{"prompt": "a", "logit_bias": 5}""", WrongType, "logit_bias" },
        { """{"prompt": "a", "logit_bias": [[1024, false]]}""", OutOfRange, "logit_bias" },
        { """{"prompt": "a", "top_h": 1.1}""", OutOfRange, "top_h" },
        { """{"prompt": "a", "top_h": -0.1}""", OutOfRange, "top_h" },
        { """{"prompt": "a", "typical_p": 0}""", OutOfRange, "typical_p" },
        { """{"prompt": "a", "typical_p": 1.1}""", OutOfRange, "typical_p" },
        { """{"prompt": "a", "epsilon_cutoff": 1}""", OutOfRange, "epsilon_cutoff" },
        { """{"prompt": "a", "epsilon_cutoff": -0.1}""", OutOfRange, "epsilon_cutoff" },
        { """{"prompt": "a", "eta_cutoff": 1}""", OutOfRange, "eta_cutoff" },
        { """{"prompt": "a", "eta_cutoff": -0.1}""", OutOfRange, "eta_cutoff" },
        { """{"prompt": "a", "frequency_penalty": 1e9}""", OutOfRange, "frequency_penalty" },
        { """{"prompt": "a", "frequency_penalty": "a"}""", WrongType, "frequency_penalty" },
        { """{"prompt": "a", "presence_penalty": -1e9}""", OutOfRange, "presence_penalty" },
        { """{"prompt": "a", "top_n_sigma": -1}""", OutOfRange, "top_n_sigma" },
        { """{"prompt": "a", "xtc_probability": 1.1}""", OutOfRange, "xtc_probability" },
        { """{"prompt": "a", "xtc_probability": -0.1}""", OutOfRange, "xtc_probability" },
        { """{"prompt": "a", "xtc_threshold": 0}""", OutOfRange, "xtc_threshold" },
        { """{"prompt": "a", "xtc_threshold": 0.6}""", OutOfRange, "xtc_threshold" },
        { """{"prompt": "a", "dynatemp_range": -1}""", OutOfRange, "dynatemp_range" },
        { """{"prompt": "a", "dynatemp_exponent": 0}""", OutOfRange, "dynatemp_exponent" },
        { """{"prompt": "a", "dry_multiplier": -1}""", OutOfRange, "dry_multiplier" },
        { """{"prompt": "a", "dry_base": 0.5}""", OutOfRange, "dry_base" },
        { """{"prompt": "a", "dry_allowed_length": -1}""", OutOfRange, "dry_allowed_length" },
        { """{"prompt": "a", "dry_penalty_last_n": -2}""", OutOfRange, "dry_penalty_last_n" },
        { """{"prompt": "a", "dry_sequence_breakers": "a"}""", WrongType, "dry_sequence_breakers" },
        { """{"prompt": "a", "dry_sequence_breakers": [""]}""", OutOfRange, "dry_sequence_breakers" },
        { """{"prompt": "a", "mirostat": 1}""", OutOfRange, "mirostat" },
        { """{"prompt": "a", "mirostat": 3}""", OutOfRange, "mirostat" },
        { """{"prompt": "a", "mirostat": "2"}""", WrongType, "mirostat" },
        { """{"prompt": "a", "mirostat": true}""", WrongType, "mirostat" },
        { """{"prompt": "a", "mirostat_tau": 0}""", OutOfRange, "mirostat_tau" },
        { """{"prompt": "a", "mirostat_eta": 0}""", OutOfRange, "mirostat_eta" },
        { """{"prompt": "a", "mirostat_eta": 1.1}""", OutOfRange, "mirostat_eta" },
        { """{"prompt": "a", "num_beams": 2, "num_return_sequences": 3}""", Conflict, "num_return_sequences" },
        { """{"prompt": "a", "num_beams": 2, "do_sample": true, "num_return_sequences": 3}""", Conflict, "num_return_sequences" },
        { """{"prompt": "a", "num_beams": 2, "guidance_scale": 1.5}""", Conflict, "guidance_scale" },
        { """{"prompt": "a", "num_beams": 2, "mirostat": 2}""", Conflict, "mirostat" },
        { """{"prompt": "a", "num_beams": 2, "prompt_lookup_num_tokens": 3}""", Conflict, "prompt_lookup_num_tokens" },
        { """{"prompt": "a", "prompt_token_ids": [5]}""", Conflict, "prompt_token_ids" },
        { """{"prompt": "a", "template": "alpaca", "instruction": "b"}""", Conflict, "template" },
        { """{"prompt": "a", "instruction": "b"}""", Conflict, "instruction" },
        { """{"prompt": "a", "input": "b"}""", Conflict, "input" },
        { """{"prompt": "a", "guidance_scale": 1.5, "max_new_tokens": 500, "negative_prompt": "one two one two one two one two one two one two one"""
            + """ two one two one two one two one two one two one two one two one two one two one two one two one two one two one two one two one"""
            + """ two one two one two one two one two one two one two one two one two one two one two one two one two one two one two one two one"""
            + """ two one two "}""", Context, "negative_prompt" },
        { """{"prompt": "a", "penalty_alpha": 0.6, "top_k": 4}""", UnsupportedParameter, "penalty_alpha" },
        { """{"prompt": "a", "num_beam_groups": 2, "num_beams": 4, "diversity_penalty": 1.0}""", UnsupportedParameter, "num_beam_groups" },
        { """{"prompt": "a", "force_words_ids": [[5]]}""", UnsupportedParameter, "force_words_ids" },
        { """{"prompt": "a", "dola_layers": "low"}""", UnsupportedParameter, "dola_layers" },
        { """{"prompt": "a", "watermarking_config": {}}""", UnsupportedParameter, "watermarking_config" },
        { """{"prompt": "a", "use_cache": true}""", UnsupportedParameter, "use_cache" },
        { $$"""{"prompt": [{{string.Join(",", Enumerable.Repeat("\"x\"", 65))}}], "num_beams": 4}""", "too_many_sequences", "num_beams" },
        { """{"prompt": "a", "choices": []}""", OutOfRange, "choices" },
        { """{"prompt": "a", "choices": "b"}""", WrongType, "choices" },
        { """{"prompt": "a", "choices": [""]}""", OutOfRange, "choices" },
        { """{"prompt": "a", "choices": ["b", "b"]}""", OutOfRange, "choices" },
        { """{"prompt": "a", "choices": ["b"], "max_new_tokens": 5}""", Conflict, "max_new_tokens" },
        { """{"prompt": "a", "choices": ["b"], "num_beams": 2}""", Conflict, "num_beams" },
        { """{"prompt": "a", "choices": ["b"], "repetition_penalty": 1.2}""", Conflict, "repetition_penalty" },
        { """{"prompt": "a", "choices": ["b"], "num_return_sequences": 2, "do_sample": false}""", Conflict, "num_return_sequences" },
        { """{"prompt": "", "choices": ["b"]}""", "empty_prompt", "prompt" },
        { $$"""{"prompt": "a", "choices": [{{string.Join(",", Enumerable.Range(0, 257).Select(one => $"\"{one}\""))}}]}""", "too_many_sequences",
            "choices" },
        { $$"""{"prompt": "Once upon a time", "choices": [" b", " {{string.Concat(Enumerable.Repeat("é", 900))}}"]}""", Context, "choices" },
        { $$"""{"prompt": "a", "suppress_tokens": [{{string.Join(",", Enumerable.Range(0, 1024))}}]}""", Conflict, "suppress_tokens" },
        { $$"""{"prompt": "a", "bad_words_ids": [[1023]], "logit_bias": [{{ForbiddenBelow(1023)}}]}""", Conflict, "logit_bias" },
        // Two tokens are left, and each only once: that nothing follows them shows in the middle of the generation.
        { $$"""{"prompt": "Once upon a time", "no_repeat_ngram_size": 1, "suppress_tokens": [{{AllBut(700, 701)}}]}""", "no_token_left", null },
        { """{"prompt_token_ids": []}""", "empty_prompt", "prompt_token_ids" },
        { """{"prompt_token_ids": [[5], []]}""", "empty_prompt", "prompt_token_ids" },
        { """{"prompt_token_ids": [5, -1]}""", OutOfRange, "prompt_token_ids" },
        { """{"prompt_token_ids": [1024]}""", OutOfRange, "prompt_token_ids" },
        { """{"prompt_token_ids": [[5], 6]}""", WrongType, "prompt_token_ids" },
        { """{"prompt_token_ids": "5"}""", WrongType, "prompt_token_ids" },
        { """{"template": "alpaca"}""", "missing_field", "instruction" },
        { """{"template": "alpaca", "instruction": ""}""", OutOfRange, "instruction" },
        { """{"template": "alpaca", "instruction": ["a"]}""", WrongType, "instruction" },
        { """{"template": "alpaca", "instruction": "a", "input": 5}""", WrongType, "input" },
        { """{"template": "vicuna", "instruction": "a"}""", OutOfRange, "template" },
        { """{"template": "chat", "instruction": "a"}""", UnsupportedParameter, "template" },
        { """{"prompt": "a", "logprobs": 21}""", OutOfRange, "logprobs" },
        { """{"prompt": "a", "logprobs": -1}""", OutOfRange, "logprobs" },
        { """{"prompt": "a", "logprobs": true}""", WrongType, "logprobs" },
        { """{"prompt": "a", "details": "yes"}""", WrongType, "details" },
        { """{"prompt": "a", "return_full_text": 0}""", WrongType, "return_full_text" },
        { """{"prompt": "a", "skip_special_tokens": []}""", WrongType, "skip_special_tokens" },
        { """{"prompt": "a", "stream": 1}""", WrongType, "stream" },
        { """{"prompt": "a", "stream": true, "top_k": -1}""", OutOfRange, "top_k" },
        { """{"prompt": "a", "stream": true, "max_length": 513}""", Context, "max_length" },
        { """{"prompt": "a", "model": ""}""", OutOfRange, "model" },
        { """{"prompt": "a", "model": 5}""", WrongType, "model" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Is_refused_with_code_and_field(string body, string code, string? field)
    {
        using HttpResponseMessage response = await server.Client.PostAsync(body);

        await AssertProblemAsync(response, HttpStatusCode.BadRequest, code, field);
        Assert.True((await server.Client.ReadinessAsync()).IsReady);
    }

    [Fact]
    public async Task A_body_that_is_not_UTF8_is_refused()
    {
        await AssertProblemAsync(
            await server.Client.PostAsync([.. "{\"prompt\": \""u8, 0xFF, .. "\"}"u8]), HttpStatusCode.BadRequest, InvalidUtf8, null);
        await AssertProblemAsync(await server.Client.PostAsync([.. "{\"prompt\": \""u8, 0xE2, 0x82]), HttpStatusCode.BadRequest, InvalidUtf8, null);
        await AssertProblemAsync(
            await server.Client.PostAsync(Encoding.Unicode.GetBytes("""{"prompt": "é"}""")), HttpStatusCode.BadRequest, null, null);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Another_content_type_is_a_415(string? contentType)
    {
        using HttpResponseMessage response = await server.Client.PostAsync("""{"prompt": "a"}"""u8.ToArray(), contentType: contentType);

        await AssertProblemAsync(response, HttpStatusCode.UnsupportedMediaType, "unsupported_media_type", null);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_above_the_limit_is_a_413(bool isChunked)
    {
        byte[] body = Encoding.UTF8.GetBytes($$"""{"prompt": "{{new string('a', 5 * 1024 * 1024)}}"}""");

        await AssertProblemAsync(
            await server.Client.PostAsync(body, isChunked: isChunked), HttpStatusCode.RequestEntityTooLarge, "body_too_large", null);
    }

    [Fact]
    public async Task A_body_just_below_the_limit_is_judged_by_its_tokens()
    {
        byte[] body = Encoding.UTF8.GetBytes($$"""{"prompt": "{{string.Concat(Enumerable.Repeat("one two ", 4 * 1024 * 1024 / 8 - 10))}}"}""");

        await AssertProblemAsync(await server.Client.PostAsync(body), HttpStatusCode.BadRequest, Context, "prompt");
    }

    [Fact]
    public async Task An_unknown_model_is_a_404_that_names_those_that_exist()
    {
        using HttpResponseMessage response = await server.Client.PostAsync("""{"prompt": "a", "model": "gpt-4"}""");

        JsonNode problem = await AssertProblemAsync(response, HttpStatusCode.NotFound, "model_not_found", "model");
        Assert.Contains("tiny-llama", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/", HttpStatusCode.NotFound, "not_found")]
    [InlineData("/nothing/here", HttpStatusCode.NotFound, "not_found")]
    [InlineData("/generate", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    public async Task Routes_that_are_not_there_answer_in_JSON(string path, HttpStatusCode status, string code) =>
        await AssertProblemAsync(await server.Client.GetAsync(path), status, code, null);

    private static string ForbiddenBelow(int count) => string.Join(",", Enumerable.Range(0, count).Select(id => $"[{id}, false]"));

    private static string AllBut(params int[] ids) => string.Join(",", Enumerable.Range(0, 1024).Except(ids));

    private static async Task<JsonNode> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string? code, string? field)
    {
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        JsonNode problem = JsonNode.Parse(text)!;
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.False(string.IsNullOrEmpty((string?)problem["detail"]), text);
        Assert.False(string.IsNullOrEmpty((string?)problem["title"]), text);
        if (code is not null)
            Assert.Equal((code, field), ((string?)problem["code"], (string?)problem["field"]));
        return problem;
    }
}
