// Prints, as JSON, how the C compiler lays out the structs that LlamaHost.Native declares, and the values of the constants that it repeats.
// Abi/generate.sh compiles it against the headers of llama.cpp.
#include <stddef.h>
#include <stdio.h>
#include "llama.h"

static const char * separator;

#define BEGIN(type) \
    { typedef type T; printf("%s\n    \"%s\": {\n      \"size\": %zu,\n      \"fields\": {", separator, #type + sizeof("struct ") - 1, sizeof(T)); separator = "";
#define FIELD(name) \
    printf("%s\n        \"%s\": [%zu, %zu]", separator, #name, offsetof(T, name), sizeof(((T *) 0)->name)); separator = ",";
#define END() printf("\n      }\n    }"); separator = ","; }
#define CONSTANT(name) printf("%s\n    \"%s\": %d", separator, #name, (int) (name)); separator = ",";

int main(void) {
    printf("{\n  \"structs\": {");
    separator = "";

    BEGIN(struct llama_model_params)
        FIELD(devices) FIELD(tensor_buft_overrides) FIELD(n_gpu_layers) FIELD(split_mode) FIELD(load_mode) FIELD(lazy_mode) FIELD(main_gpu)
        FIELD(tensor_split) FIELD(progress_callback) FIELD(progress_callback_user_data) FIELD(kv_overrides) FIELD(vocab_only) FIELD(check_tensors)
        FIELD(use_extra_bufts) FIELD(no_host) FIELD(no_alloc) FIELD(load_mtp)
    END()
    BEGIN(struct llama_context_params)
        FIELD(n_ctx) FIELD(n_batch) FIELD(n_ubatch) FIELD(n_seq_max) FIELD(n_rs_seq) FIELD(n_outputs_max) FIELD(n_outputs_max_per_seq)
        FIELD(n_threads) FIELD(n_threads_batch) FIELD(ctx_type) FIELD(rope_scaling_type) FIELD(pooling_type) FIELD(attention_type)
        FIELD(flash_attn_type) FIELD(rope_freq_base) FIELD(rope_freq_scale) FIELD(yarn_ext_factor) FIELD(yarn_attn_factor) FIELD(yarn_beta_fast)
        FIELD(yarn_beta_slow) FIELD(yarn_orig_ctx) FIELD(defrag_thold) FIELD(cb_eval) FIELD(cb_eval_user_data) FIELD(type_k) FIELD(type_v)
        FIELD(abort_callback) FIELD(abort_callback_data) FIELD(embeddings) FIELD(offload_kqv) FIELD(no_perf) FIELD(op_offload) FIELD(swa_full)
        FIELD(kv_unified) FIELD(samplers) FIELD(n_samplers) FIELD(ctx_other)
    END()
    BEGIN(struct llama_model_quantize_params)
        FIELD(nthread) FIELD(ftype) FIELD(output_tensor_type) FIELD(token_embedding_type) FIELD(allow_requantize) FIELD(quantize_output_tensor)
        FIELD(only_copy) FIELD(pure) FIELD(keep_split) FIELD(dry_run) FIELD(imatrix) FIELD(kv_overrides) FIELD(tt_overrides) FIELD(prune_layers)
        FIELD(max_buf_size)
    END()
    BEGIN(struct llama_batch)
        FIELD(n_tokens) FIELD(token) FIELD(embd) FIELD(pos) FIELD(n_seq_id) FIELD(seq_id) FIELD(logits)
    END()
    BEGIN(struct llama_perf_context_data)
        FIELD(t_start_ms) FIELD(t_load_ms) FIELD(t_p_eval_ms) FIELD(t_eval_ms) FIELD(n_p_eval) FIELD(n_eval) FIELD(n_reused)
    END()
    BEGIN(struct ggml_threadpool_params)
        FIELD(cpumask) FIELD(n_threads) FIELD(prio) FIELD(poll) FIELD(strict_cpu) FIELD(paused)
    END()

    printf("\n  },\n  \"constants\": {");
    separator = "";

    CONSTANT(GGML_TYPE_F32) CONSTANT(GGML_TYPE_F16) CONSTANT(GGML_TYPE_BF16) CONSTANT(GGML_TYPE_Q8_0) CONSTANT(GGML_TYPE_Q4_0) CONSTANT(GGML_TYPE_COUNT)

    CONSTANT(LLAMA_VOCAB_TYPE_NONE) CONSTANT(LLAMA_VOCAB_TYPE_SPM) CONSTANT(LLAMA_VOCAB_TYPE_BPE) CONSTANT(LLAMA_VOCAB_TYPE_WPM)
    CONSTANT(LLAMA_VOCAB_TYPE_UGM) CONSTANT(LLAMA_VOCAB_TYPE_RWKV) CONSTANT(LLAMA_VOCAB_TYPE_PLAMO2)

    CONSTANT(LLAMA_TOKEN_ATTR_UNDEFINED) CONSTANT(LLAMA_TOKEN_ATTR_UNKNOWN) CONSTANT(LLAMA_TOKEN_ATTR_UNUSED) CONSTANT(LLAMA_TOKEN_ATTR_NORMAL)
    CONSTANT(LLAMA_TOKEN_ATTR_CONTROL) CONSTANT(LLAMA_TOKEN_ATTR_USER_DEFINED) CONSTANT(LLAMA_TOKEN_ATTR_BYTE) CONSTANT(LLAMA_TOKEN_ATTR_NORMALIZED)
    CONSTANT(LLAMA_TOKEN_ATTR_LSTRIP) CONSTANT(LLAMA_TOKEN_ATTR_RSTRIP) CONSTANT(LLAMA_TOKEN_ATTR_SINGLE_WORD)

    CONSTANT(LLAMA_LOAD_MODE_AUTO) CONSTANT(LLAMA_LOAD_MODE_NONE) CONSTANT(LLAMA_LOAD_MODE_MMAP) CONSTANT(LLAMA_LOAD_MODE_MMAP_MLOCK)

    CONSTANT(LLAMA_POOLING_TYPE_UNSPECIFIED) CONSTANT(LLAMA_POOLING_TYPE_NONE) CONSTANT(LLAMA_POOLING_TYPE_MEAN) CONSTANT(LLAMA_POOLING_TYPE_CLS)
    CONSTANT(LLAMA_POOLING_TYPE_LAST) CONSTANT(LLAMA_POOLING_TYPE_RANK)

    CONSTANT(LLAMA_FLASH_ATTN_TYPE_AUTO) CONSTANT(LLAMA_FLASH_ATTN_TYPE_DISABLED) CONSTANT(LLAMA_FLASH_ATTN_TYPE_ENABLED)

    CONSTANT(LLAMA_FTYPE_ALL_F32) CONSTANT(LLAMA_FTYPE_MOSTLY_F16) CONSTANT(LLAMA_FTYPE_MOSTLY_Q4_0) CONSTANT(LLAMA_FTYPE_MOSTLY_Q4_1)
    CONSTANT(LLAMA_FTYPE_MOSTLY_Q8_0) CONSTANT(LLAMA_FTYPE_MOSTLY_Q5_0) CONSTANT(LLAMA_FTYPE_MOSTLY_Q5_1) CONSTANT(LLAMA_FTYPE_MOSTLY_Q2_K)
    CONSTANT(LLAMA_FTYPE_MOSTLY_Q3_K_S) CONSTANT(LLAMA_FTYPE_MOSTLY_Q3_K_M) CONSTANT(LLAMA_FTYPE_MOSTLY_Q3_K_L) CONSTANT(LLAMA_FTYPE_MOSTLY_Q4_K_S)
    CONSTANT(LLAMA_FTYPE_MOSTLY_Q4_K_M) CONSTANT(LLAMA_FTYPE_MOSTLY_Q5_K_S) CONSTANT(LLAMA_FTYPE_MOSTLY_Q5_K_M) CONSTANT(LLAMA_FTYPE_MOSTLY_Q6_K)
    CONSTANT(LLAMA_FTYPE_MOSTLY_BF16)

    CONSTANT(GGML_LOG_LEVEL_NONE) CONSTANT(GGML_LOG_LEVEL_DEBUG) CONSTANT(GGML_LOG_LEVEL_INFO) CONSTANT(GGML_LOG_LEVEL_WARN)
    CONSTANT(GGML_LOG_LEVEL_ERROR) CONSTANT(GGML_LOG_LEVEL_CONT)

    CONSTANT(GGML_BACKEND_DEVICE_TYPE_CPU) CONSTANT(GGML_BACKEND_DEVICE_TYPE_GPU) CONSTANT(GGML_BACKEND_DEVICE_TYPE_IGPU)
    CONSTANT(GGML_BACKEND_DEVICE_TYPE_ACCEL) CONSTANT(GGML_BACKEND_DEVICE_TYPE_META)

    printf("\n  }\n}\n");
    return 0;
}
