using LlamaHost.Engine.Requests;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generate.Prompts;

namespace LlamaHost.Server.Generate.Rules;

/// <summary>What a prompt may be made of.</summary>
internal static class PromptRule
{
    /// <summary>There is exactly one source of prompts, and it is whole.</summary>
    /// <exception cref="ApiException">There is none, more than one, or a part is missing.</exception>
    public static void Check(GenerateRequest request)
    {
        string[] sources = [.. ((string[])["prompt", "prompt_token_ids", "template"]).Where(request.Given.Contains)];
        if (sources.Length > 1)
        {
            throw ApiException.BadRequest(
                ErrorCodes.ConflictingFields, sources[1], $"{string.Join(" and ", sources)} were given, but the prompt comes from one of them only.");
        }
        if (request.Template == PromptTemplate.Chat)
        {
            throw ApiException.BadRequest(
                ErrorCodes.UnsupportedParameter, "template",
                "template \"chat\" is not supported yet: the model's chat template can't be applied. Write the prompt as the model expects it.");
        }
        string[] parts = [.. ((string[])["instruction", "input"]).Where(request.Given.Contains)];
        if (request.Template is null && parts.Length > 0)
            throw ApiException.BadRequest(
                ErrorCodes.ConflictingFields, parts[0], $"{parts[0]} needs a template to be put into: send \"template\": \"alpaca\" with it.");
        if (sources.Length == 0)
        {
            throw ApiException.BadRequest(
                ErrorCodes.MissingField, "prompt",
                "prompt is missing: a string or an array of strings. prompt_token_ids, or template with instruction, can stand for it.");
        }
        if (request.Template is not null && request.Instruction is null)
            throw ApiException.BadRequest(ErrorCodes.MissingField, "instruction", "instruction is missing: the template is made for one.");
    }

    /// <summary>Every prompt has tokens, and the model's encoder, if it has one, can read them all.</summary>
    /// <exception cref="ApiException"><c>empty_prompt</c>, <c>context_length_exceeded</c>, or guidance where there is none.</exception>
    public static void CheckTokens(GenerateRequest request, TokenizedRequest tokens, ModelDescription model)
    {
        if (model.EncoderLength > 0 && request.Sampling.GuidanceScale != 1)
        {
            throw ApiException.BadRequest(
                ErrorCodes.ConflictingFields, "guidance_scale",
                "guidance_scale can't be used with this model: its encoder holds one text at a time.");
        }
        for (int i = 0; i < tokens.Prompts.Count; i++)
        {
            int count = tokens.Prompts[i].Tokens.Count;
            if (model.EncoderLength > 0 && count > model.EncoderLength)
            {
                throw ApiException.BadRequest(
                    ErrorCodes.ContextLengthExceeded, request.PromptField,
                    $"{request.PlaceOf(i)} has {count} tokens; the model's encoder reads {model.EncoderLength} tokens.");
            }
            if (count > 0)
                continue;
            string reason = request.PromptTokenIds is null ? ", and this model has no begin token to start from" : "";
            throw ApiException.BadRequest(ErrorCodes.EmptyPrompt, request.PromptField, $"{request.PlaceOf(i)} has no tokens{reason}.");
        }
    }
}
