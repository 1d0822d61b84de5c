using System.Text.Json;

namespace LlamaHost.Bench.Serving;

/// <summary>llama-server's native <c>POST /completion</c>, which takes token ids and says of each event how many tokens it carries.</summary>
internal sealed class LlamaServerDialect : IDialect
{
    public string Path => "completion";

    public string ReadyPath => "health";

    public void Write(Utf8JsonWriter body, CompletionRequest request)
    {
        body.WriteTokens("prompt", request.PromptTokens);
        body.WriteNumber("n_predict", request.NewTokens);
        body.WriteBoolean("ignore_eos", true);
        body.WriteBoolean("stream", true);
        if (request.Sequences > 1)
            body.WriteNumber("n_cmpl", request.Sequences);
        (double temperature, int topK, double topP) = request.Sampling switch
        {
            // Its fastest greedy search: one pass for the largest logit, instead of the 40 largest in order.
            SamplingMode.Greedy => (0, 1, 1),
            SamplingMode.Nucleus => (1, 0, 0.95),
            _ => (0.8, 40, 0.95),
        };
        body.WriteNumber("temperature", temperature);
        body.WriteNumber("top_k", topK);
        body.WriteNumber("top_p", topP);
        body.WriteNumber("min_p", 0);
    }

    public void Read(JsonElement data, Completion completion)
    {
        if (data.TryGetProperty("error", out JsonElement error))
        {
            completion.Failed(error.GetRawText());
            return;
        }
        if (data.GetProperty("tokens").GetArrayLength() > 0)
            completion.TokensArrived();
        if (data.GetProperty("stop").GetBoolean())
            completion.Finished(data.Int("tokens_predicted"), data.Int("tokens_evaluated"), data.GetProperty("timings").Int("cache_n"));
    }
}
