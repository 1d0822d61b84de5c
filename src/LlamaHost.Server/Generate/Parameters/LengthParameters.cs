using System.Text.Json.Nodes;
using LlamaHost.Server.Binding;
using static LlamaHost.Server.Generate.Parameters.Rows;

namespace LlamaHost.Server.Generate.Parameters;

/// <summary>When a sequence ends.</summary>
internal static class LengthParameters
{
    private const int MaxStopTexts = 64;
    private const int MaxStopTokens = 1024;
    private const double LeastSeconds = 0.001;
    private const double MostSeconds = 604_800;

    private static readonly OneOrListShape<string> _stopTexts = new(new TextShape(1, 1000), 0, MaxStopTexts);

    /// <summary>The rows.</summary>
    public static IReadOnlyList<GenerateParameter> Rows { get; } =
    [
        Row("max_length", new IntegerShape(1), (request, value) => request.MaxLength = value,
            "Most tokens of prompt and continuation together. Must be above the prompt's tokens and within the model's context.",
            new() { LeftOut = "max_new_tokens says how long", HuggingFace = "max_length" }) with
            { Setting = request => request.Sent is { MaxNewTokens: null, MaxLength: { } most } ? most : null },
        Row("max_new_tokens", new IntegerShape(1), (request, value) => request.MaxNewTokens = value,
            "Most new tokens per sequence, end token included. Beats max_length if both are given. Prompt and new tokens must fit into the context.",
            new()
            {
                LeftOut = $"max_length says how long; without that {GenerateParameters.DefaultNewTokens}, as far as the context allows",
                HuggingFace = "max_new_tokens",
                OtherNames = ["max_tokens", "max_completion_tokens", "n_predict", "num_predict"],
            }) with { Setting = request => request.Engine.Stop.MaxNewTokens },
        Row("min_length", new IntegerShape(0), (request, value) => request.MinLength = value,
            "No end or stop token is chosen before prompt and continuation together have this many tokens. min_new_tokens beats it.",
            new() { Default = 0, HuggingFace = "min_length, MinLengthLogitsProcessor" }) with
            { Setting = request => request.Sent is { MinNewTokens: null, MinLength: > 0 and { } least } ? least : null },
        Row("min_new_tokens", new IntegerShape(0), (request, value) => request.MinNewTokens = value,
            "No end or stop token is chosen before this many new tokens.",
            new() { Default = 0, HuggingFace = "MinNewTokensLengthLogitsProcessor", OtherNames = ["min_tokens"] }) with
            { Setting = request => request.Engine.Stop.MinNewTokens },
        Row("max_time", new NumberShape(LeastSeconds, MostSeconds), (request, value) => request.MaxTime = TimeSpan.FromSeconds(value),
            "Seconds after which sequences end with the tokens that they have: at least one, but none if they had not begun. The time starts "
            + "when the request is admitted, so waiting for its turn counts, and goes on if the worker has to be replaced.",
            new() { HuggingFace = "MaxTimeCriteria", OtherNames = ["timeout"] }) with
                { Setting = request => request.Engine.Stop.MaxTime?.TotalSeconds },
        Row("stop", _stopTexts, (request, value) => request.Stop = value,
            "Texts that end a sequence as soon as they appear in its new text, which is cut before them.",
            new() { OtherNames = ["stop_sequences", "stops"] }) with { Setting = request => Texts(request.Engine.Stop.StopTexts) },
        Row("stop_strings", _stopTexts, (request, value) => request.StopStrings = value,
            "Texts that end a sequence with the token that completes them. They stay in the text, with the rest of that token, and "
            + "may begin in the prompt.",
            new() { HuggingFace = "StopStringCriteria" }) with { Setting = request => Texts(request.Engine.Stop.KeptStopTexts) },
        Row("stop_token_ids", new ListShape<int>(TokenId, 0, MaxStopTokens), (request, value) => request.StopTokenIds = value,
            "Token ids that end a sequence, besides the end tokens.") with
            { Setting = request => Ids(request.Engine.Stop.StopTokenIds), TokenIds = request => request.StopTokenIds },
        EndTokens(),
    ];

    private static GenerateParameter EndTokens()
    {
        var shape = new NullableShape<IReadOnlyList<int>>(new OneOrListShape<int>(TokenId, 0, MaxStopTokens), []);
        GenerateParameter row = Row("eos_token_id", shape, (request, value) => request.EosTokenIds = [.. value.Distinct()],
            "The end tokens, instead of the model's. null, and an empty array, mean that there are none: only lengths and stops end a sequence.",
            new() { LeftOut = "the model's own end token", HuggingFace = "eos_token_id, EosTokenCriteria", OtherNames = ["eos_token_ids"] });
        return row with
        {
            Field = row.Field with { IsNullValue = true },
            Setting = request => request.Engine.Stop.EosTokenIds is { } ids ? new JsonArray([.. ids.Select(id => JsonValue.Create(id))]) : null,
            TokenIds = request => request.EosTokenIds ?? [],
        };
    }
}
