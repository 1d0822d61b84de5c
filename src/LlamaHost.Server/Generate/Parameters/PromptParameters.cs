using LlamaHost.Server.Binding;
using LlamaHost.Server.Generate.Prompts;
using static LlamaHost.Server.Generate.Parameters.Rows;

namespace LlamaHost.Server.Generate.Parameters;

/// <summary>What is continued, and by which model.</summary>
internal static class PromptParameters
{
    /// <summary>Most prompts of one request.</summary>
    private const int MaxPrompts = 1024;

    // The context's length is the limit that counts; this one keeps the schema finite.
    private const int MaxPromptTokens = 1_048_576;

    /// <summary>The rows.</summary>
    public static IReadOnlyList<GenerateParameter> Rows { get; } =
    [
        Row("prompt", new OneOrListShape<string>(new TextShape(), 1, MaxPrompts), (request, value) => request.Prompts = value,
            "The text to continue, or several of them. Each of several is continued as if it had been sent alone.",
            new()
            {
                LeftOut = "prompt_token_ids, or template with instruction, is required",
                HuggingFace = "text_inputs of the text-generation pipeline",
                OtherNames = ["inputs", "prompts", "text"],
            }) with { WorksWithChoices = true },
        Row("prompt_token_ids", new OneOrSeveralIdsShape(new ListShape<int>(TokenId, 0, MaxPromptTokens), MaxPrompts),
            (request, value) => request.PromptTokenIds = value,
            "Token ids to continue, instead of prompt. They are used as they are: no begin token is added.",
            new() { LeftOut = "prompt or template is required", HuggingFace = "inputs of generate()", OtherNames = ["input_ids", "prompt_ids"] }) with
            { WorksWithChoices = true, TokenIds = request => request.PromptTokenIds?.SelectMany(one => one) ?? [] },
        Row("template", new ChoiceShape<PromptTemplate>(("\"alpaca\"", PromptTemplate.Alpaca), ("\"chat\"", PromptTemplate.Chat)),
            (request, value) => request.Template = value,
            "Makes the prompt from instruction and input: alpaca is that of Stanford Alpaca, with its two forms. chat, the model's "
            + "own chat template, is not supported yet.",
            new() { LeftOut = "prompt is taken as it is" }) with { WorksWithChoices = true },
        Row("instruction", new TextShape(1), (request, value) => request.Instruction = value,
            "What is to be done, for template.", new() { LeftOut = "required with template" }) with { WorksWithChoices = true },
        Row("input", new TextShape(), (request, value) => request.Input = value,
            "What it is to be done with, for template. Empty is the same as left out.",
            new() { LeftOut = "the template's form without input" }) with { WorksWithChoices = true },
        Row("priority", new IntegerShape(-100, 100), (request, value) => request.Priority = value,
            "Requests with a lower number are computed before those with a higher one, and take the room in the KV cache from them if it is short.",
            new() { Default = 0 }) with { WorksWithChoices = true },
        Row("cache_salt", new TextShape(1, 256), (request, value) => request.CacheSalt = value,
            "What was computed for the beginning of a prompt is reused only among requests with the same salt. One that others can't "
            + "guess keeps them from finding out, by the time to the first token, what was asked.",
            new() { LeftOut = "shared with all requests without one" }) with { WorksWithChoices = true },
        Row("model", new TextShape(1, 256), (request, value) => request.Model = value,
            "Id of the model, as GET /v1/models lists them.", new() { LeftOut = "the default model" }) with { WorksWithChoices = true },
    ];
}
