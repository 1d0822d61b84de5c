using System.Text.Json.Nodes;

namespace LlamaHost.Server.Generate;

/// <summary>What an answer looks like, whole and as a stream, for the API document.</summary>
internal static class GenerateAnswerExamples
{
    /// <summary>The whole answer.</summary>
    public static JsonNode Whole => JsonNode.Parse(
        """
        {
          "id": "gen-0198c0ffee", "model": "SmolLM2-135M-Instruct.Q4_1", "created": 1767225600,
          "sequences": [
            {
              "prompt_index": 0, "index": 0, "generated_text": "Once upon a time, in", "finish_reason": "length", "generated_tokens": 2, "seed": 42,
              "token_ids": [28, 281],
              "tokens": [
                {"id": 28, "text": ",", "logprob": -0.07, "special": false},
                {"id": 281, "text": " in", "logprob": -1.98, "special": false}
              ]
            }
          ],
          "prompt_token_ids": [[6403, 1980, 253, 655]],
          "usage": {
            "prompt_tokens": 4, "generated_tokens": 2, "cached_tokens": 0, "queue_ms": 0.1, "prefill_ms": 20, "decode_ms": 12,
            "tokens_per_second": 62.5
          },
          "settings": {
            "do_sample": false, "repetition_penalty": 1, "seed": 42, "num_return_sequences": 1, "max_new_tokens": 2, "min_new_tokens": 0
          },
          "warnings": []
        }
        """)!;

    /// <summary>Lines of JSON.</summary>
    public static string JsonLines { get; } = string.Concat(Lines.Select(line => line + "\n"));

    /// <summary>Server-sent events.</summary>
    public static string ServerSentEvents { get; } =
        ": admitted\n\n" + string.Concat(Lines.Select((line, index) => $"id: {index + 1}\nevent: {Name(line)}\ndata: {line}\n\n"));

    private static string[] Lines =>
    [
        """{"type":"token","prompt_index":0,"index":0,"id":28,"text":",","special":false}""",
        """{"type":"token","prompt_index":0,"index":0,"id":281,"text":" in","special":false}""",
        """{"type":"sequence","prompt_index":0,"index":0,"generated_text":"Once upon a time, in","""
            + """ "finish_reason":"length","generated_tokens":2,"seed":42}""",
        """{"type":"done","id":"gen-0198c0ffee","model":"SmolLM2-135M-Instruct.Q4_1","created":1767225600,"usage":"""
            + """{"prompt_tokens":4,"generated_tokens":2,"cached_tokens":0,"queue_ms":0.1,"prefill_ms":20,"decode_ms":12,"tokens_per_second":62.5},"""
            + """ "settings":{"do_sample":false,"repetition_penalty":1,"seed":42,"num_return_sequences":1,"max_new_tokens":2,"min_new_tokens":0},"""
            + """ "warnings":[]}""",
    ];

    private static string Name(string line) => line.Split('"')[3];
}
