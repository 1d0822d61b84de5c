using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenApi;

namespace LlamaHost.Server.Score;

/// <summary>Describes <c>POST /score</c> in the API document.</summary>
internal static class ScoreOperation
{
    /// <summary>The one description.</summary>
    public static JsonOperation<ScoreRequest> Instance { get; } = new(
        "score", "Score", "How likely the model takes a text for",
        "The language model as a measure. Give `text` for the log-probability of each of its tokens and its perplexity; or `prompt` and "
        + "`continuations` to learn which of them the model expects, as in multiple choice and ranking. Log-probabilities are natural "
        + "logarithms of the model's own distribution. The prompt is computed once for all its continuations.",
        ScoreParameters.Table, typeof(ScoreResponse))
    {
        Examples = ScoreExamples.All,
        Errors =
        [
            ApiException.BadRequest(ErrorCodes.UnknownField, "texts", "There is no field \"texts\". Did you mean text?"),
            ApiException.BadRequest(ErrorCodes.WrongType, "prompt", "prompt must be a string; it is an array."),
            ApiException.BadRequest(ErrorCodes.OutOfRange, "stride", "stride is 8192; it must be below the model's context of 8192 tokens."),
            ApiException.BadRequest(ErrorCodes.MissingField, "text", "There is nothing to score: give text, or prompt and continuations."),
            ApiException.BadRequest(ErrorCodes.DuplicateField, "text", "text is there twice."),
            ApiException.BadRequest(ErrorCodes.ConflictingFields, "prompt", "prompt can't be given together with text: score one or the other."),
            ApiException.BadRequest(
                ErrorCodes.ContextLengthExceeded, "text",
                "text has 9000 tokens; the model's context is 8192 tokens. Give a stride below that to score it in overlapping windows."),
            ApiException.BadRequest(ErrorCodes.EmptyPrompt, "text", "text has no tokens, and this model has no begin token to start from."),
            ApiException.BadRequest(ErrorCodes.EmptyContinuation, "continuations", "continuations[0] adds no token to the prompt."),
            ApiException.BadRequest(
                ErrorCodes.TooManySequences, "text", "There are 300 windows to score; use a larger stride or fewer texts; one request may have 256."),
            ApiException.BadRequest(
                ErrorCodes.UnsupportedByModel, "text", "An encoder-decoder model scores no text on its own: give prompt and continuations."),
        ],
    };
}
