using LlamaHost.Engine.Requests;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.Score;

/// <summary>The fields of <c>POST /score</c>: one row each, read by binding, validation, the API document and the documentation.</summary>
internal static class ScoreParameters
{
    private const int MaxTexts = 256;

    /// <summary>All of them.</summary>
    public static ParameterTable<ScoreRequest> Table { get; } = new(
        Row("text", new OneOrListShape<string>(new TextShape(), 1, MaxTexts), (request, value) => request.Texts = value,
            "The text to score, or several of them, each on its own.") with
            { WhenLeftOut = "prompt and continuations are scored", OtherNames = ["texts", "input", "inputs"] },
        Row("prompt", new TextShape(), (request, value) => request.Prompt = value,
            "What the continuations follow. It is computed once for all of them, and not scored itself.") with
            { WhenLeftOut = "text is scored", OtherNames = ["context", "question"] },
        Row("continuations", new ListShape<string>(new TextShape(1), 1, MaxTexts), (request, value) => request.Continuations = value,
            "Texts that may follow the prompt, as they stand there, leading space included. Each is scored on its own, and all are compared.") with
            { WhenLeftOut = "text is scored", OtherNames = ["choices", "completions", "continuation"] },
        Row("top_logprobs", new IntegerShape(0, GenerationRequest.MaxLogProbs), (request, value) => request.TopLogprobs = value,
            "Give this many of the most likely tokens at each place.") with
            { Default = 0, OtherNames = ["logprobs", "top"] },
        Row("stride", new IntegerShape(1), (request, value) => request.Stride = value,
            "Score a text that is longer than the model's context in windows that advance by this many tokens. Must be below the context.") with
            { WhenLeftOut = "a text longer than the context is refused" },
        Row("model", new TextShape(1, 256), (request, value) => request.Model = value, "Id of the model, as GET /v1/models lists them.") with
            { WhenLeftOut = "the default model" });

    /// <summary>Checks everything that can be checked before a model is looked at.</summary>
    /// <exception cref="ApiException">There is not either a text or a prompt with continuations.</exception>
    public static void CheckAlone(ScoreRequest request)
    {
        if (request.Texts is not null)
        {
            string? other = request.Prompt is not null ? "prompt" : request.Continuations is not null ? "continuations" : null;
            if (other is not null)
                throw ApiException.BadRequest(
                    ErrorCodes.ConflictingFields, other, $"{other} can't be given together with text: score one or the other.");
            return;
        }
        if (request.Prompt is null && request.Continuations is null)
            throw ApiException.BadRequest(ErrorCodes.MissingField, "text", "There is nothing to score: give text, or prompt and continuations.");
        string? missing = request.Prompt is null ? "prompt" : request.Continuations is null ? "continuations" : null;
        if (missing is not null)
            throw ApiException.BadRequest(ErrorCodes.MissingField, missing, $"{missing} is missing: prompt and continuations go together.");
        if (request.Stride is not null)
        {
            throw ApiException.BadRequest(
                ErrorCodes.ConflictingFields, "stride", "stride is for text; a prompt and its continuation must fit into the context together.");
        }
    }

    private static Parameter<ScoreRequest> Row<T>(string name, Shape<T> shape, Action<ScoreRequest, T> assign, string description) =>
        Parameter<ScoreRequest>.Of(name, shape, assign, description);
}
