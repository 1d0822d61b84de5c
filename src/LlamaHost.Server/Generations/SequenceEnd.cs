using LlamaHost.Engine.Requests;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.Generations;

/// <summary>Tells results from sequences that were ended without one.</summary>
internal static class SequenceEnd
{
    /// <summary>Why the sequence ended: its text is a result.</summary>
    /// <returns><see cref="FinishReason.EndOfSequence"/>, <see cref="FinishReason.Stop"/> or <see cref="FinishReason.Length"/>.</returns>
    /// <exception cref="ApiException">The sequence was ended without a result.</exception>
    public static FinishReason ReasonOf(SequenceFinish finish) => finish.Reason switch
    {
        FinishReason.EndOfSequence or FinishReason.Stop or FinishReason.Length => finish.Reason,
        FinishReason.Cancelled => throw new ApiException(
            StatusCodes.Status503ServiceUnavailable, ErrorCodes.ShuttingDown, null, "The server shut down before the answer was complete."),
        FinishReason.NoToken => throw ApiException.BadRequest(
            ErrorCodes.NoTokenLeft, null, finish.Error ?? "The settings forbid every token after those chosen so far."),
        _ => throw new ApiException(
            StatusCodes.Status500InternalServerError, ErrorCodes.GenerationFailed, null,
            finish.Error ?? "The engine could not go on with a sequence."),
    };
}
