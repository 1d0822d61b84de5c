using LlamaHost.Server.Errors;

namespace LlamaHost.Server.Generate;

/// <summary>How many new tokens a prompt may get, after Hugging Face's rules; never a silent truncation.</summary>
internal static class LengthRule
{
    /// <summary>Most new tokens for a prompt.</summary>
    /// <param name="request">The request.</param>
    /// <param name="place">Name of the prompt for messages, such as <c>prompt[2]</c>.</param>
    /// <param name="promptTokens">Tokens of the prompt.</param>
    /// <param name="contextLength">Most tokens of a sequence.</param>
    /// <exception cref="ApiException">The lengths don't fit; the message has both counts.</exception>
    public static int MaxNewTokens(GenerateRequest request, string place, int promptTokens, int contextLength)
    {
        if (promptTokens >= contextLength)
        {
            string remark = promptTokens == contextLength ? ", which leaves no room for a new token" : "";
            throw ContextExceeded("prompt", $"{place} has {promptTokens} tokens; the model's context is {contextLength} tokens{remark}.");
        }
        int room = contextLength - promptTokens;
        if (request.MaxNewTokens is { } newTokens)
        {
            return newTokens <= room
                ? newTokens
                : throw ContextExceeded(
                    "max_new_tokens",
                    $"{place} has {promptTokens} tokens, and max_new_tokens is {newTokens}: {(long)promptTokens + newTokens} tokens together; the model's context is {contextLength} tokens.");
        }
        if (request.MaxLength is not { } length)
            return Math.Min(GenerateParameters.DefaultNewTokens, room);
        if (length > contextLength)
            throw ContextExceeded("max_length", $"max_length is {length} tokens; the model's context is {contextLength} tokens.");
        return length > promptTokens
            ? length - promptTokens
            : throw ApiException.BadRequest(
                ErrorCodes.MaxLengthBelowPrompt, "max_length",
                $"max_length is {length} tokens, prompt included, but {place} has {promptTokens} tokens: raise max_length, or use max_new_tokens.");
    }

    /// <summary>What the client should know about lengths that had no effect.</summary>
    public static IEnumerable<string> Warnings(GenerateRequest request, int leastMaxNewTokens)
    {
        if (request is { MaxNewTokens: { } newTokens, MaxLength: { } length })
            yield return $"Both max_new_tokens ({newTokens}) and max_length ({length}) were given; max_new_tokens took precedence.";
        if (request.MinNewTokens > leastMaxNewTokens)
            yield return $"min_new_tokens ({request.MinNewTokens}) can't be reached: sequences end after {leastMaxNewTokens} new tokens.";
    }

    private static ApiException ContextExceeded(string field, string detail) =>
        ApiException.BadRequest(ErrorCodes.ContextLengthExceeded, field, detail);
}
