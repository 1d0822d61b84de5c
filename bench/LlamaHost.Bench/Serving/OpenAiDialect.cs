using System.Text.Json;

namespace LlamaHost.Bench.Serving;

/// <summary>Any server with OpenAI's completions or chat completions.</summary>
/// <param name="chat">Chat completions, which take text alone: the prompt is about as many words as it should have tokens.</param>
internal sealed class OpenAiDialect(bool chat) : IDialect
{
    private static readonly string[] Words =
        ["time", "year", "people", "way", "day", "man", "thing", "woman", "life", "child", "world", "school", "state", "family", "student", "group"];

    public string Path => chat ? "v1/chat/completions" : "v1/completions";

    public string ReadyPath => "v1/models";

    public void Write(Utf8JsonWriter body, CompletionRequest request)
    {
        body.WriteString("model", "default");
        if (chat)
        {
            body.WriteStartArray("messages");
            body.WriteStartObject();
            body.WriteString("role", "user");
            body.WriteString("content", string.Join(' ', request.PromptTokens.Select(token => Words[token % Words.Length])));
            body.WriteEndObject();
            body.WriteEndArray();
        }
        else
        {
            body.WriteTokens("prompt", request.PromptTokens);
        }
        body.WriteNumber("max_tokens", request.NewTokens);
        if (request.Sequences > 1)
            body.WriteNumber("n", request.Sequences);
        body.WriteNumber("temperature", request.Sampling switch { SamplingMode.Greedy => 0, SamplingMode.Nucleus => 1, _ => 0.8 });
        if (request.Sampling != SamplingMode.Greedy)
            body.WriteNumber("top_p", 0.95);
        // Not OpenAI's own, but vLLM's, SGLang's and llama.cpp's; servers that don't know it are told apart by their token counts.
        body.WriteBoolean("ignore_eos", true);
        body.WriteBoolean("stream", true);
        body.WriteStartObject("stream_options");
        body.WriteBoolean("include_usage", true);
        body.WriteEndObject();
    }

    public void Read(JsonElement data, Completion completion)
    {
        if (data.TryGetProperty("error", out JsonElement error))
        {
            completion.Failed(error.GetRawText());
            return;
        }
        foreach (JsonElement choice in data.GetProperty("choices").EnumerateArray())
        {
            JsonElement holder = chat ? choice.GetProperty("delta") : choice;
            if (holder.TryGetProperty(chat ? "content" : "text", out JsonElement text) && text.ValueKind == JsonValueKind.String
                && text.GetString() != "")
                completion.TokensArrived();
        }
        if (data.TryGetProperty("usage", out JsonElement usage) && usage.ValueKind == JsonValueKind.Object)
        {
            int cached = usage.TryGetProperty("prompt_tokens_details", out JsonElement details) && details.ValueKind == JsonValueKind.Object
                ? details.Int("cached_tokens")
                : 0;
            completion.Finished(usage.Int("completion_tokens"), usage.Int("prompt_tokens"), cached);
        }
    }
}
