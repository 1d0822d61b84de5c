using LlamaHost.Server.OpenApi;

namespace LlamaHost.Server.Score;

/// <summary>The documented calls of <c>POST /score</c>.</summary>
internal static class ScoreExamples
{
    /// <summary>All of them, the simplest first.</summary>
    public static IReadOnlyList<CallExample> All { get; } =
    [
        new("text", "Log-probabilities and perplexity of a text",
            """{"text": "The capital of France is Paris."}""",
            """
            {
              "model": "SmolLM2-135M-Instruct.Q4_1",
              "texts": [
                {
                  "token_ids": [504, 3575, 282], "tokens": ["The", " capital", " of"], "token_logprobs": [null, -11.54, -0.34],
                  "nll": 11.88, "mean_nll": 5.94, "perplexity": 379.9
                }
              ],
              "usage": {"tokens": 3, "scored_tokens": 2, "cached_tokens": 0, "queue_ms": 0.1, "compute_ms": 12}
            }
            """),
        new("choice", "Which command is meant",
            """{"prompt": "It is too bright in here. Please", "continuations": [" dim the lights", " open the door", " play music"]}""",
            """
            {
              "model": "SmolLM2-135M-Instruct.Q4_1", "prompt_token_ids": [1589, 314],
              "continuations": [
                {
                  "token_ids": [5114, 260], "tokens": [" dim", " the"], "token_logprobs": [-6.1, -0.9], "logprob": -7.0, "mean_logprob": -3.5,
                  "probability": 1, "mean_probability": 1, "perplexity": 33.1
                }
              ],
              "usage": {"tokens": 4, "scored_tokens": 2, "cached_tokens": 0, "queue_ms": 0.1, "compute_ms": 20}
            }
            """),
        new("next", "What the model expects after each token, in windows if a text is longer than the context",
            """{"text": ["The", "Once upon a time"], "top_logprobs": 1, "stride": 64}""",
            """
            {
              "model": "SmolLM2-135M-Instruct.Q4_1",
              "texts": [
                {
                  "token_ids": [504], "tokens": ["The"], "token_logprobs": [null], "nll": 0,
                  "top": [[{"id": 29, "text": " first", "logprob": -3.2}]]
                }
              ],
              "usage": {"tokens": 1, "scored_tokens": 0, "cached_tokens": 0, "queue_ms": 0.1, "compute_ms": 9}
            }
            """),
    ];
}
