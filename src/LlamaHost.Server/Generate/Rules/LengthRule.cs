using LlamaHost.Server.Errors;
using LlamaHost.Server.Generate.Parameters;

namespace LlamaHost.Server.Generate.Rules;

/// <summary>How many new tokens a prompt may and must get, after Hugging Face's rules; never a silent truncation.</summary>
internal static class LengthRule
{
    /// <summary>Most new tokens for a prompt.</summary>
    /// <param name="request">The request.</param>
    /// <param name="promptIndex">Index of the prompt.</param>
    /// <param name="promptTokens">Tokens of the prompt.</param>
    /// <param name="contextLength">Most tokens of a sequence.</param>
    /// <exception cref="ApiException">The lengths don't fit; the message has both counts.</exception>
    public static int MaxNewTokens(GenerateRequest request, int promptIndex, int promptTokens, int contextLength)
    {
        string place = request.PlaceOf(promptIndex);
        if (promptTokens >= contextLength)
        {
            string remark = promptTokens == contextLength ? ", which leaves no room for a new token" : "";
            throw ContextExceeded(request.PromptField, $"{place} has {promptTokens} tokens; the model's context is {contextLength} tokens{remark}.");
        }
        int room = contextLength - promptTokens;
        if (request.MaxNewTokens is { } newTokens)
        {
            return newTokens <= room
                ? newTokens
                : throw ContextExceeded(
                    "max_new_tokens",
                    $"{place} has {promptTokens} tokens, and max_new_tokens is {newTokens}: {(long)promptTokens + newTokens} tokens "
                    + $"together; the model's context is {contextLength} tokens.");
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

    /// <summary>The sequence that guidance leads away from fits as well.</summary>
    /// <exception cref="ApiException">It doesn't; the message has both counts.</exception>
    public static void CheckNegativePrompt(int negativeTokens, int maxNewTokens, int contextLength)
    {
        if (negativeTokens > 0 && negativeTokens + maxNewTokens > contextLength)
        {
            throw ContextExceeded(
                "negative_prompt",
                $"negative_prompt has {negativeTokens} tokens, and up to {maxNewTokens} new ones follow it: "
                + $"{negativeTokens + maxNewTokens} tokens together; the model's context is {contextLength} tokens.");
        }
    }

    /// <summary>Fewest new tokens for a prompt; as many as it may get, if that is less.</summary>
    public static int MinNewTokens(GenerateRequest request, int promptTokens, int maxNewTokens) =>
        Math.Min(request.MinNewTokens ?? Math.Max(0, (request.MinLength ?? 0) - promptTokens), maxNewTokens);

    /// <summary>What the client should know about lengths that had no effect.</summary>
    /// <param name="request">The request.</param>
    /// <param name="prompts">Tokens of each prompt, and most new ones.</param>
    public static IEnumerable<string> Warnings(GenerateRequest request, IReadOnlyList<(int PromptTokens, int MaxNewTokens)> prompts)
    {
        if (request is { MaxNewTokens: { } newTokens, MaxLength: { } length })
            yield return $"Both max_new_tokens ({newTokens}) and max_length ({length}) were given; max_new_tokens took precedence.";
        if (request is { MinNewTokens: { } minNewTokens, MinLength: { } minLength })
            yield return $"Both min_new_tokens ({minNewTokens}) and min_length ({minLength}) were given; min_new_tokens took precedence.";
        int most = prompts.Min(prompt => prompt.MaxNewTokens);
        if (request.MinNewTokens > most)
            yield return $"min_new_tokens ({request.MinNewTokens}) can't be reached: sequences end after {most} new tokens.";
        int longest = prompts.Min(prompt => prompt.PromptTokens + prompt.MaxNewTokens);
        if (request.MinNewTokens is null && request.MinLength > longest)
            yield return $"min_length ({request.MinLength}) can't be reached: sequences end at {longest} tokens, prompt included.";
    }

    private static ApiException ContextExceeded(string field, string detail) =>
        ApiException.BadRequest(ErrorCodes.ContextLengthExceeded, field, detail);
}
