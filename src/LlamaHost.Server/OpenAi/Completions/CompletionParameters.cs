using LlamaHost.Engine.Requests;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenAi.Common;

namespace LlamaHost.Server.OpenAi.Completions;

/// <summary>The fields of <c>POST /v1/completions</c>: one row each, read by binding, the API document and the documentation.</summary>
internal static class CompletionParameters
{
    /// <summary>New tokens where <c>max_tokens</c> is left out, as far as the context has room.</summary>
    public const int UsualMaxTokens = 16;

    private const int MostPrompts = 1024;

    /// <summary>All of them.</summary>
    public static ParameterTable<CompletionRequest> Table { get; } = new(
    [
        Row("prompt", new PromptShape(MostPrompts), (request, value) => request.Prompts = value,
            "What is continued. The model's tokenizer adds its begin token to a text; token ids are taken as they are.") with { IsRequired = true },
        Row("suffix", new TextShape(), (request, value) => request.Suffix = value,
            "Text that comes after the completion, which then fills what is between. Only for models with tokens for it, and text prompts.") with
            { WhenLeftOut = "none" },
        Row("max_tokens", new IntegerShape(0), (request, value) => request.Sampling.MaxTokens = value,
            "Most new tokens of a choice. With the prompt they must fit into the context. 0 is for echo alone.") with
            { WhenLeftOut = "16, as far as the context has room" },
        Row("echo", new BooleanShape(), (request, value) => request.Echo = value,
            "Put the prompt before the completion; with logprobs, with those of its tokens.") with { Default = false },
        Row("logprobs", new IntegerShape(0, GenerationRequest.MaxLogProbs), (request, value) => request.Logprobs = value,
            "Give the log-probability of every token, and this many of the most likely ones in its place, before any penalty.") with
            { WhenLeftOut = "none" },
        Row("best_of", new IntegerShape(1), (request, value) => request.BestOf = value,
            "Generate this many for each prompt, and answer with the n whose tokens have the highest mean log-probability, best first.") with
            { WhenLeftOut = "n" },
        .. SamplingParameters.Standard<CompletionRequest>(),
        .. SamplingParameters.Extra<CompletionRequest>(),
    ]) { IgnoresUnknown = true };

    /// <summary>Checks everything that can be checked before a model is looked at.</summary>
    /// <returns>The grammar in GBNF that every text matches, or <see langword="null"/>.</returns>
    /// <exception cref="ApiException">Values that contradict each other, or more sequences than allowed.</exception>
    public static string? CheckAlone(CompletionRequest request, int maxSequences)
    {
        SamplingFields fields = request.Sampling;
        if (request.BestOf < fields.N)
            throw Conflict("best_of", $"best_of is {request.BestOf}, but n is {fields.N}: the choices are the best n of best_of.");
        if (request.BestOf > fields.N && fields.Stream)
            throw Conflict("best_of", "best_of can't be used with stream: which are the best is known when all are complete.");
        if (fields.MaxTokens == 0 && !request.Echo)
            throw Conflict("max_tokens", "max_tokens must be 1 or more without echo: there would be nothing to answer with.");
        if (fields.MaxTokens < fields.MinTokens)
            throw Conflict("min_tokens", $"min_tokens is {fields.MinTokens}, but max_tokens is {fields.MaxTokens}.");
        if (request.Suffix is { Length: > 0 })
        {
            if (request.Echo)
                throw Conflict("suffix", "suffix can't be used with echo: the completion does not follow the prompt alone.");
            if (request.Prompts.Any(prompt => prompt.Text is null))
                throw Conflict("suffix", "suffix needs prompts of text, because it is put together with them.");
        }
        return SamplingRule.CheckAlone(
            fields, request.Prompts.Count, (request.BestOf is null ? "n" : "best_of", request.SequencesEach), maxSequences);
    }

    private static ApiException Conflict(string field, string detail) => ApiException.BadRequest(ErrorCodes.ConflictingFields, field, detail);

    private static Parameter<CompletionRequest> Row<T>(string name, Shape<T> shape, Action<CompletionRequest, T> assign, string description) =>
        Parameter<CompletionRequest>.Of(name, shape, assign, description);
}
