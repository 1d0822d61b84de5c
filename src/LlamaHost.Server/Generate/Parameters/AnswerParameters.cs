using LlamaHost.Engine.Requests;
using LlamaHost.Server.Binding;
using static LlamaHost.Server.Generate.Parameters.Rows;

namespace LlamaHost.Server.Generate.Parameters;

/// <summary>What the answer holds, and how it comes.</summary>
internal static class AnswerParameters
{
    /// <summary>The rows.</summary>
    public static IReadOnlyList<GenerateParameter> Rows { get; } =
    [
        .. All.Select(row => row with { WorksWithChoices = true }),
    ];

    private static GenerateParameter[] All =>
    [
        Row("return_full_text", new BooleanShape(), (request, value) => request.ReturnFullText = value,
            "Put the prompt in front of the generated text.",
            new() { Default = true, HuggingFace = "return_full_text of the text-generation pipeline" }),
        Row("skip_special_tokens", new BooleanShape(), (request, value) => request.SkipSpecialTokens = value,
            "Leave special tokens, such as the end token, out of the text.", new() { Default = true, HuggingFace = "skip_special_tokens" }),
        Row("logprobs", new IntegerShape(0, GenerationRequest.MaxLogProbs), (request, value) => request.Logprobs = value,
            "Give the log-probability of each new token and of this many most likely ones in its place, of the distribution before "
            + "any penalty or warper.",
            new() { LeftOut = "none, but with details that of each new token", OtherNames = ["top_logprobs", "top_n_tokens"] }),
        Row("details", new BooleanShape(), (request, value) => request.Details = value,
            "Give token ids of prompts and sequences, and every token with its text and log-probability.", new() { Default = false }),
        Row("stream", new BooleanShape(), (request, value) => request.Stream = value,
            "Send tokens as they come: as server-sent events, or as lines of JSON if the Accept header asks for "
            + "application/x-ndjson. Beams come when they are final.",
            new() { LeftOut = "true if the Accept header asks for text/event-stream or application/x-ndjson, else false" }),
    ];
}
