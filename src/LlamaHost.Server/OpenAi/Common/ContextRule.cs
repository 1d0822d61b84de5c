using LlamaHost.Engine.Requests;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.OpenAi.Common;

/// <summary>Whether prompt and new tokens fit into the context, in the words that OpenAI's clients look for; never a silent truncation.</summary>
internal static class ContextRule
{
    /// <summary>Most new tokens for a prompt.</summary>
    /// <param name="promptTokens">Tokens of the prompt.</param>
    /// <param name="asked">New tokens that the client asked for, if it did.</param>
    /// <param name="usual">New tokens where it did not, as far as the context has room; <see langword="null"/>: all of it.</param>
    /// <param name="model">The model.</param>
    /// <param name="field">The field that the prompt comes from: <c>prompt</c> or <c>messages</c>.</param>
    /// <exception cref="ApiException"><c>context_length_exceeded</c>, with both counts; <c>empty_prompt</c>.</exception>
    public static int MaxNewTokens(int promptTokens, int? asked, int? usual, ModelDescription model, string field)
    {
        if (promptTokens == 0)
            throw ApiException.BadRequest(ErrorCodes.EmptyPrompt, field, $"{field} has no tokens, and this model has no begin token to start from.");
        if (model.EncoderLength > 0 && promptTokens > model.EncoderLength)
            throw Exceeded(field, model.EncoderLength, $"your {field} resulted in {promptTokens} tokens");
        // What an encoder reads takes no room from what is generated, but for the token that the decoder starts from.
        int taken = model.EncoderLength > 0 ? 1 : promptTokens;
        int room = model.ContextLength - taken;
        if (room <= 0 && asked is not 0)
            throw Exceeded(field, model.ContextLength, $"your {field} resulted in {promptTokens} tokens");
        if (asked is not { } wanted)
            return Math.Min(usual ?? room, room);
        return wanted <= room
            ? wanted
            : throw Exceeded(
                field, model.ContextLength,
                $"you requested {(long)taken + wanted} tokens ({taken} in the {field}, {wanted} in the completion)");
    }

    private static ApiException Exceeded(string field, int context, string what) => ApiException.BadRequest(
        ErrorCodes.ContextLengthExceeded, field,
        $"This model's maximum context length is {context} tokens. However, {what}. Please reduce the length of the {field} or completion.");
}
