using System.Text.Json;

namespace LlamaHost.Bench.Serving;

/// <summary>LlamaHost's own <c>POST /generate</c>.</summary>
internal sealed class LlamaHostDialect : IDialect
{
    public string Path => "generate";

    public string ReadyPath => "health/ready";

    public void Write(Utf8JsonWriter body, CompletionRequest request)
    {
        body.WriteTokens("prompt_token_ids", request.PromptTokens);
        body.WriteNumber("max_new_tokens", request.NewTokens);
        body.WriteNull("eos_token_id");
        body.WriteBoolean("return_full_text", false);
        body.WriteBoolean("stream", true);
        body.WriteNumber("num_return_sequences", request.Sequences);
        body.WriteBoolean("do_sample", request.Sampling != SamplingMode.Greedy);
        if (request.Sampling == SamplingMode.Nucleus)
        {
            body.WriteNumber("temperature", 1);
            body.WriteNumber("top_p", 0.95);
            body.WriteNumber("top_k", 0);
        }
        else if (request.Sampling == SamplingMode.TopK)
        {
            body.WriteNumber("temperature", 0.8);
            body.WriteNumber("top_p", 0.95);
            body.WriteNumber("top_k", 40);
        }
    }

    public void Read(JsonElement data, Completion completion)
    {
        switch (data.GetProperty("type").GetString())
        {
            case "token":
                completion.TokensArrived();
                break;
            case "done":
                JsonElement usage = data.GetProperty("usage");
                completion.Finished(usage.Int("generated_tokens"), usage.Int("prompt_tokens"), usage.Int("cached_tokens"));
                break;
            case "error":
                completion.Failed(data.GetRawText());
                break;
            default:
                break;
        }
    }
}
