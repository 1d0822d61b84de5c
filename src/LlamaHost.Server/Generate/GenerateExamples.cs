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
            """{"prompt": "The sky is", "max_new_tokens": 5, "details": true, "logprobs": 2}"""),
        new("stream", "Tokens as they come",
            """{"prompt": "Once upon a time", "max_new_tokens": 32, "stream": true}"""),
        new("everything", "Every parameter",
            """
            {
              "prompt": "Write a haiku.", "max_new_tokens": 24, "min_new_tokens": 2, "num_return_sequences": 2, "do_sample": true,
              "temperature": 0.9, "top_k": 40, "top_p": 0.9, "min_p": 0.05, "repetition_penalty": 1.1, "seed": 7, "stop": ["\n\n"],
              "stop_token_ids": [0], "return_full_text": false, "skip_special_tokens": true, "logprobs": 1, "details": true, "stream": false
            }
            """),
    ];
}
