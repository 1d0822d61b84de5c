using System.Text.Json.Nodes;
using LlamaHost.Grammars;
using LlamaHost.Server.Binding;

namespace LlamaHost.Server.OpenAi.Common;

/// <summary>
/// The fields that completions and chat share: one row each, read by binding, the API document and the documentation. First OpenAI's own, then those
/// that other local servers have added to them.
/// </summary>
internal static class SamplingParameters
{
    /// <summary>Below it, dividing logits by it leaves the range of a float.</summary>
    public const float LeastFactor = 0.000001f;

    /// <summary>Default of <c>xtc_threshold</c>.</summary>
    public const float UsualXtcThreshold = 0.1f;

    /// <summary>Most stop texts. OpenAI's servers take 4.</summary>
    public const int MostStops = 64;

    private const int LongestStop = 1000;
    private const int MostBiases = 4096;
    private const int MostStopTokens = 256;
    private const int MostChoices = 128;

    /// <summary>OpenAI's fields.</summary>
    public static IEnumerable<Parameter<TRequest>> Standard<TRequest>()
        where TRequest : ISampledRequest =>
    [
        Row<TRequest, string>("model", new TextShape(1, 256), (fields, value) => fields.Model = value,
            "Id of the model, as GET /v1/models lists them, or a placeholder that means the default one.") with
            { WhenLeftOut = "the default model" },
        Row<TRequest, int>("n", new IntegerShape(1, MostChoices), (fields, value) => fields.N = value,
            "Choices for each prompt. The prompt is computed once for all of them.") with { Default = 1 },
        Row<TRequest, float>("temperature", new NumberShape(LeastFactor, 2, orZero: true), (fields, value) => fields.Temperature = value,
            "Divides the logits. 0: always the most likely token.") with { Default = 1 },
        Row<TRequest, float>("top_p", new NumberShape(0, 1), (fields, value) => fields.TopP = value,
            "Draw from the smallest set of most likely tokens whose probability reaches this. 1 is off, 0 leaves the most likely token.") with
            { Default = 1 },
        Row<TRequest, ulong>("seed", new SeedShape(), (fields, value) => fields.Seed = value,
            "Makes sampling repeatable: the same request with the same seed gives the same tokens, whatever else runs.") with
            { WhenLeftOut = "a random one" },
        Row<TRequest, IReadOnlyList<string>>(
            "stop", new OneOrListShape<string>(new TextShape(1, LongestStop), 0, MostStops), (fields, value) => fields.Stop = value,
            "Texts that end a choice as soon as they appear in its new text, which is cut before them.") with { WhenLeftOut = "none" },
        Row<TRequest, IReadOnlyList<(int, float)>>(
            "logit_bias", new TokenBiasShape(new NumberShape(-100, 100), MostBiases), (fields, value) => fields.LogitBias = value,
            "Added to the logits of these tokens, before everything else.") with { WhenLeftOut = "none" },
        Row<TRequest, float>("presence_penalty", new NumberShape(-2, 2), (fields, value) => fields.PresencePenalty = value,
            "Taken from the logit of every token that occurs in the choice so far; the prompt does not count.") with { Default = 0 },
        Row<TRequest, float>("frequency_penalty", new NumberShape(-2, 2), (fields, value) => fields.FrequencyPenalty = value,
            "Taken from the logit of a token for each time it occurs in the choice so far; the prompt does not count.") with { Default = 0 },
        Row<TRequest, string>("user", new TextShape(), (_, _) => { }, "Accepted, and not looked at.") with { WhenLeftOut = "none" },
        Row<TRequest, bool>("stream", new BooleanShape(), (fields, value) => fields.Stream = value,
            "Send the answer in chunks, as server-sent events.") with { Default = false },
        Row<TRequest, bool>("stream_options", new StreamOptionsShape(), (fields, value) => fields.IncludeUsage = value,
            "With include_usage true, the stream's last chunk has no choices but the usage. Only with stream.") with { WhenLeftOut = "no usage" },
    ];

    /// <summary>What other local servers accept besides.</summary>
    public static IEnumerable<Parameter<TRequest>> Extra<TRequest>()
        where TRequest : ISampledRequest =>
    [
        Row<TRequest, int>("top_k", new IntegerShape(-1), (fields, value) => fields.TopK = value,
            "Draw from the k most likely tokens. 0 and -1 are off.") with { Default = 0 },
        Row<TRequest, float>("min_p", new NumberShape(0, 1), (fields, value) => fields.MinP = value,
            "Draw from tokens at least this fraction as likely as the most likely one. 0 is off.") with { Default = 0 },
        Row<TRequest, float>("typical_p", new NumberShape(LeastFactor, 1), (fields, value) => fields.TypicalP = value,
            "Draw from the tokens whose information is nearest to the entropy, up to this probability. 1 is off.") with { Default = 1 },
        .. Aliases<TRequest, float>(
            ["repetition_penalty", "repeat_penalty"], new NumberShape(LeastFactor, 1000), (fields, value, _) => fields.RepetitionPenalty = value,
            "Divides positive and multiplies negative logits of every token that occurs in prompt or choice. 1 is off.", 1),
        Row<TRequest, float>("xtc_probability", new NumberShape(0, 1), (fields, value) => fields.XtcProbability = value,
            "How often the most likely tokens are left out: all of at least xtc_threshold but the least likely of them. 0 is off.") with
            { Default = 0 },
        Row<TRequest, float>("xtc_threshold", new NumberShape(LeastFactor, 0.5), (fields, value) => fields.XtcThreshold = value,
            "Probability from which a token may be left out by xtc_probability.") with { Default = UsualXtcThreshold },
        Row<TRequest, int>("min_tokens", new IntegerShape(0), (fields, value) => fields.MinTokens = value,
            "No end or stop token is chosen before this many new tokens.") with { Default = 0 },
        Row<TRequest, bool>("ignore_eos", new BooleanShape(), (fields, value) => fields.IgnoreEos = value,
            "Go on after the model's end token.") with { Default = false },
        Row<TRequest, IReadOnlyList<int>>(
            "stop_token_ids", new ListShape<int>(new IntegerShape(0), 0, MostStopTokens), (fields, value) => fields.StopTokenIds = value,
            "Token ids that end a choice, besides the model's end token.") with { WhenLeftOut = "none" },
        Row<TRequest, bool>("skip_special_tokens", new BooleanShape(), (fields, value) => fields.SkipSpecialTokens = value,
            "Leave special tokens out of the text.") with { Default = true },
        .. Constraint<TRequest, string>(
            ["grammar", "guided_grammar"], new TextShape(1), text => () => Grammar.FromGbnf(text), "A grammar in GBNF that the text matches."),
        .. Constraint<TRequest, string>(
            ["regex", "guided_regex"], new TextShape(1), text => () => Grammar.FromRegex(text), "A regular expression that the whole text matches."),
        .. Constraint<TRequest, System.Text.Json.JsonElement>(
            ["json_schema", "guided_json"], new JsonObjectShape("a JSON schema"), schema => () => Grammar.FromJsonSchema(schema),
            "A JSON schema: the text is JSON that it accepts."),
        Row<TRequest, int>("priority", new IntegerShape(-100, 100), (fields, value) => fields.Priority = value,
            "Requests with a lower number are computed before those with a higher one.") with { Default = 0 },
        Row<TRequest, string>("cache_salt", new TextShape(1, 256), (fields, value) => fields.CacheSalt = value,
            "What was computed for the beginning of a prompt is reused only among requests with the same salt.") with
            { WhenLeftOut = "shared with all requests without one" },
    ];

    private static Parameter<TRequest> Row<TRequest, T>(string name, Shape<T> shape, Action<SamplingFields, T> assign, string description)
        where TRequest : ISampledRequest =>
        Parameter<TRequest>.Of(name, shape, (TRequest request, T value) => assign(request.Sampling, value), description);

    private static IEnumerable<Parameter<TRequest>> Aliases<TRequest, T>(
        string[] names, Shape<T> shape, Action<SamplingFields, T, string> assign, string description, JsonNode? usual)
        where TRequest : ISampledRequest =>
        names.Select((name, index) => Row<TRequest, T>(
            name, shape, (fields, value) => assign(fields, value, name), index == 0 ? description : $"The same as {names[0]}.") with
            { Default = usual?.DeepClone(), WhenLeftOut = usual is null ? "any text" : null });

    private static IEnumerable<Parameter<TRequest>> Constraint<TRequest, T>(
        string[] names, Shape<T> shape, Func<T, Func<Grammar>> parse, string description)
        where TRequest : ISampledRequest =>
        Aliases<TRequest, T>(
            names, shape, (fields, value, name) => fields.Constraints.Add(new TextConstraint(name, parse(value))), description, usual: null);
}
