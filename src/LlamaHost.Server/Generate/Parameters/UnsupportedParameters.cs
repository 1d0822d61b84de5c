namespace LlamaHost.Server.Generate.Parameters;

/// <summary>Parameters of Hugging Face's <c>generate()</c> that are refused by name, with the reason.</summary>
internal static class UnsupportedParameters
{
    private const string Groups = "group beam search left transformers' own code in version 5; num_beams with do_sample true gives different beams.";
    private const string Constraints = "constrained beam search left transformers' own code in version 5; choices restricts the "
        + "answer to given texts.";
    private const string Assistant = "there is no assistant model; it would change the speed alone, not the tokens of greedy search.";
    private const string Cache = "the KV cache is always used, and set up in the server's configuration, for all requests alike.";
    private const string Compilation = "it is about PyTorch's compiler, which is not there.";
    private const string Tensors = "tensors of the model are not returned; logprobs gives log-probabilities of tokens.";
    private const string Code = "it is Python code; a request holds data only.";
    private const string Hub = "it is about code and files of the Hugging Face Hub, which are not there.";

    /// <summary>Name and reason of each.</summary>
    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["num_beam_groups"] = Groups,
        ["diversity_penalty"] = Groups,
        ["force_words_ids"] = Constraints,
        ["constraints"] = Constraints,
        ["penalty_alpha"] = "contrastive search left transformers' own code in version 5, and it needs hidden states, which llama.cpp doesn't give "
            + "at each step.",
        ["dola_layers"] = "DoLa left transformers' own code in version 5, and it needs the scores of inner layers, which llama.cpp doesn't give.",
        ["watermarking_config"] = "texts are not watermarked.",
        ["token_healing"] = "the prompt's last token is never replaced; leave out the space at the prompt's end.",
        ["low_memory"] = "transformers refuses it as well since its beam search was rewritten; here beams share what they have in common anyway.",
        ["forced_decoder_ids"] = "transformers dropped it; put the tokens into the prompt.",
        ["pad_token_id"] = "sequences are not padded: each has its own length.",
        ["bos_token_id"] = "the model's own is used; prompt_token_ids may begin with any other.",
        ["decoder_start_token_id"] = "the model's own is used.",
        ["negative_prompt_ids"] = "send the text as negative_prompt.",
        ["use_cache"] = Cache,
        ["cache_implementation"] = Cache,
        ["cache_config"] = Cache,
        ["return_legacy_cache"] = Cache,
        ["past_key_values"] = Cache,
        ["prefill_chunk_size"] = "prompts are computed in chunks of the size that the server's configuration says.",
        ["num_assistant_tokens"] = Assistant,
        ["num_assistant_tokens_schedule"] = Assistant,
        ["assistant_confidence_threshold"] = Assistant,
        ["assistant_early_exit"] = Assistant,
        ["assistant_lookbehind"] = Assistant,
        ["target_lookbehind"] = Assistant,
        ["assistant_model"] = Assistant,
        ["is_assistant"] = Assistant,
        ["compile_config"] = Compilation,
        ["disable_compile"] = Compilation,
        ["output_attentions"] = Tensors,
        ["output_hidden_states"] = Tensors,
        ["output_scores"] = "use details, which gives the score of each beam, and logprobs.",
        ["output_logits"] = Tensors,
        ["return_dict_in_generate"] = "the answer always says everything; details gives ids and scores.",
        ["attention_mask"] = "prompts are not padded, so there is nothing to mask.",
        ["logits_processor"] = Code,
        ["stopping_criteria"] = Code,
        ["prefix_allowed_tokens_fn"] = Code,
        ["streamer"] = "use stream.",
        ["synced_gpus"] = "the engine runs on one machine.",
        ["generation_config"] = "send its fields themselves.",
        ["generation_kwargs"] = "send its fields themselves.",
        ["use_model_defaults"] = Hub,
        ["custom_generate"] = Hub,
        ["trust_remote_code"] = Hub,
        ["transformers_version"] = Hub,
    };
}
