using LlamaHost.Engine.Requests;
using LlamaHost.Server.Binding;

namespace LlamaHost.Server.Generate;

/// <summary>The fields of <c>POST /generate</c>: one row each, read by binding, validation and the API document.</summary>
internal static class GenerateParameters
{
    /// <summary>New tokens where no length is given, as far as the context allows.</summary>
    public const int DefaultNewTokens = 256;

    private const int MaxPrompts = 1024;
    private const int MaxStopTexts = 64;
    private const int MaxStopTextLength = 1000;
    private const int MaxStopTokens = 1024;

    // Below it, dividing logits by it leaves the range of a float.
    private const double LeastFactor = 0.000001;

    /// <summary>All of them.</summary>
    public static ParameterTable<GenerateRequest> Table { get; } = new([.. Prompt, .. Lengths, .. Strategy, .. Sampling, .. Stops, .. Answer]);

    private static Parameter<GenerateRequest>[] Prompt =>
    [
        Row("prompt", new OneOrListShape<string>(new TextShape(), 1, MaxPrompts), (request, value) => request.Prompts = value,
            "The text to continue, or several of them. Each of several is continued as if it had been sent alone.") with
            { IsRequired = true, HuggingFace = "text_inputs of the text-generation pipeline", OtherNames = ["inputs", "prompts", "text", "input"] },
        Row("model", new TextShape(1, 256), (request, value) => request.Model = value, "Id of the model, as GET /v1/models lists them.") with
            { WhenLeftOut = "the default model" },
    ];

    private static Parameter<GenerateRequest>[] Lengths =>
    [
        Row("max_length", new IntegerShape(1), (request, value) => request.MaxLength = value,
            "Most tokens of prompt and continuation together. Must be above the prompt's tokens and within the model's context.") with
            { WhenLeftOut = "max_new_tokens says how long", HuggingFace = "max_length" },
        Row("max_new_tokens", new IntegerShape(1), (request, value) => request.MaxNewTokens = value,
            "Most new tokens per sequence, end token included. Beats max_length if both are given. Prompt and new tokens must fit into the context.") with
            {
                WhenLeftOut = $"max_length says how long; without that {DefaultNewTokens}, as far as the context allows",
                HuggingFace = "max_new_tokens",
                OtherNames = ["max_tokens", "max_completion_tokens", "n_predict", "num_predict"],
            },
        Row("min_new_tokens", new IntegerShape(0), (request, value) => request.MinNewTokens = value,
            "No end or stop token is chosen before this many new tokens.") with
            { Default = 0, HuggingFace = "min_new_tokens", OtherNames = ["min_tokens"] },
    ];

    private static Parameter<GenerateRequest>[] Strategy =>
    [
        Row("num_return_sequences", new IntegerShape(1, 4096), (request, value) => request.NumReturnSequences = value,
            "Independent continuations of each prompt. The prompt is computed once for all of them.") with
            { Default = 1, HuggingFace = "num_return_sequences", OtherNames = ["n", "best_of"] },
        Row("do_sample", new BooleanShape(), (request, value) => request.DoSample = value,
            "Draw each token from the model's distribution (true), or always take the most likely one (false).") with
            {
                WhenLeftOut = "true if temperature, top_k, top_p or min_p is given or num_return_sequences is above 1, else false",
                HuggingFace = "do_sample",
            },
        Row("seed", new UnsignedShape(), (request, value) => request.Seed = value,
            "Makes sampling repeatable: the same request with the same seed gives the same tokens, whatever else runs. Sequence i is the same "
            + "for any num_return_sequences above i, and a prompt's sequences are the same alone and among other prompts.") with
            { WhenLeftOut = "a random one, which the answer names", HuggingFace = "set_seed()", OtherNames = ["random_seed"] },
        Row("repetition_penalty", new NumberShape(LeastFactor, 1000), (request, value) => request.RepetitionPenalty = value,
            "Divides positive and multiplies negative logits of every token that occurs in prompt or continuation. Applies to greedy search too; 1 is off.") with
            { Default = 1, HuggingFace = "repetition_penalty", OtherNames = ["repeat_penalty"] },
    ];

    private static Parameter<GenerateRequest>[] Sampling =>
    [
        Row("temperature", new NumberShape(LeastFactor, 1000, orZero: true), (request, value) => request.Temperature = value,
            "Divides the logits: below 1 likely tokens gain, above 1 unlikely ones. 0 means greedy search, and is refused with do_sample true.") with
            { Default = 1, HuggingFace = "temperature" },
        Row("top_k", new IntegerShape(0), (request, value) => request.TopK = value,
            "Keep the k most likely tokens, and those as likely as the k-th. 0 is off.") with
            { Default = SamplingSettings.Greedy.TopK, HuggingFace = "top_k" },
        Row("top_p", new NumberShape(LeastFactor, 1), (request, value) => request.TopP = value,
            "Keep the most likely tokens whose probabilities together reach this. 1 is off.") with
            { Default = 1, HuggingFace = "top_p" },
        Row("min_p", new NumberShape(0, 1), (request, value) => request.MinP = value,
            "Keep tokens at least this fraction as likely as the most likely one. 0 is off.") with
            { Default = 0, HuggingFace = "min_p" },
    ];

    private static Parameter<GenerateRequest>[] Stops =>
    [
        Row("stop", new OneOrListShape<string>(new TextShape(1, MaxStopTextLength), 0, MaxStopTexts), (request, value) => request.Stop = value,
            "Texts that end a sequence as soon as they appear in its new text, which is cut before them.") with
            { WhenLeftOut = "none", OtherNames = ["stop_sequences", "stop_strings", "stops"] },
        Row("stop_token_ids", new ListShape<int>(new IntegerShape(0), 0, MaxStopTokens), (request, value) => request.StopTokenIds = value,
            "Token ids that end a sequence, besides the model's own end token.") with
            { WhenLeftOut = "none" },
    ];

    private static Parameter<GenerateRequest>[] Answer =>
    [
        Row("return_full_text", new BooleanShape(), (request, value) => request.ReturnFullText = value,
            "Put the prompt in front of the generated text.") with
            { Default = true, HuggingFace = "return_full_text of the text-generation pipeline" },
        Row("skip_special_tokens", new BooleanShape(), (request, value) => request.SkipSpecialTokens = value,
            "Leave special tokens, such as the end token, out of the text.") with
            { Default = true, HuggingFace = "skip_special_tokens" },
        Row("logprobs", new IntegerShape(0, GenerationRequest.MaxLogProbs), (request, value) => request.Logprobs = value,
            "Give the log-probability of each new token and of this many most likely ones in its place, of the distribution before any penalty or warper.") with
            { WhenLeftOut = "none, but with details that of each new token", OtherNames = ["top_logprobs", "top_n_tokens"] },
        Row("details", new BooleanShape(), (request, value) => request.Details = value,
            "Give token ids of prompts and sequences, and every token with its text and log-probability.") with
            { Default = false },
        Row("stream", new BooleanShape(), (request, value) => request.Stream = value,
            "Send tokens as they come: as server-sent events, or as lines of JSON if the Accept header asks for application/x-ndjson.") with
            { WhenLeftOut = "true if the Accept header asks for text/event-stream or application/x-ndjson, else false" },
    ];

    private static Parameter<GenerateRequest> Row<T>(string name, Shape<T> shape, Action<GenerateRequest, T> assign, string description) =>
        Parameter<GenerateRequest>.Of(name, shape, assign, description);
}
