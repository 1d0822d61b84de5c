using System.Text.Json.Nodes;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Binding;

namespace LlamaHost.Server.Generate.Parameters;

/// <summary>Makes rows of the table.</summary>
internal static class Rows
{
    /// <summary>Below it, dividing logits by it leaves the range of a float.</summary>
    public const double LeastFactor = 0.000001;

    /// <summary>Largest size of a bias or penalty, either way. Far above any logit.</summary>
    public const double LargestBias = 1000;

    /// <summary>Most tokens of a bad word, or of a sequence with a bias.</summary>
    private const int LongestSequence = 256;

    /// <summary>A token id; whether it is the model's is checked later.</summary>
    public static IntegerShape TokenId { get; } = new(0);

    /// <summary>A sequence of tokens.</summary>
    public static ListShape<int> TokenSequence { get; } = new(TokenId, 1, LongestSequence);

    /// <summary>Any field.</summary>
    public static GenerateParameter Row<T>(
        string name, Shape<T> shape, Action<GenerateRequest, T> assign, string description, Documented documented = default)
    {
        Parameter<GenerateRequest> field = Parameter<GenerateRequest>.Of(
            name,
            shape,
            (GenerateRequest request, T value) =>
            {
                assign(request, value);
                request.Given.Add(name);
            },
            description);
        return new GenerateParameter(field with
        {
            Default = documented.Default,
            WhenLeftOut = documented.Default is null && !documented.IsRequired ? documented.LeftOut ?? "none" : null,
            HuggingFace = documented.HuggingFace,
            OtherNames = documented.OtherNames ?? [],
        });
    }

    /// <summary>
    /// A field that is one of <see cref="SamplingSettings"/>' values: its default is theirs, and it is named in the answer's settings where it
    /// differs.
    /// </summary>
    public static GenerateParameter Setting<T>(
        string name, Shape<T> shape, Func<SamplingSettings, T> get, Func<SamplingSettings, T, SamplingSettings> set, string description,
        Documented documented = default)
    {
        T neutral = get(SamplingSettings.Greedy);
        GenerateParameter row = Row(
            name, shape, (request, value) => request.Sampling = set(request.Sampling, value), description,
            documented with { Default = JsonValue.Create(neutral) });
        return row with
            { Setting = request => get(request.Engine.Sampling) is var value && !Equals(value, neutral) ? JsonValue.Create(value) : null };
    }

    /// <summary>A row that has an effect when tokens are drawn only.</summary>
    public static GenerateParameter WhenSampling(GenerateParameter row) => row with
    {
        Effect = ParameterEffect.Sampling,
        Setting = row.Setting is { } setting ? request => request.Engine.Sampling.DoSample ? setting(request) : null : null,
    };

    /// <summary>An array, or <see langword="null"/> if it has no items.</summary>
    public static JsonArray? Items<T>(IEnumerable<T> items, Func<T, JsonNode?> item) =>
        items.ToArray() is { Length: > 0 } some ? new JsonArray([.. some.Select(item)]) : null;

    /// <summary>An array of strings, or <see langword="null"/> if there are none.</summary>
    public static JsonArray? Texts(IEnumerable<string> texts) => Items(texts, one => JsonValue.Create(one));

    /// <summary>An array of token ids, or <see langword="null"/> if there are none.</summary>
    public static JsonArray? Ids(IEnumerable<int> ids) => Items(ids, one => JsonValue.Create(one));
}

/// <summary>What the documentation says of a field besides its description.</summary>
internal readonly record struct Documented
{
    /// <inheritdoc cref="Parameter{TRequest}.Default"/>
    public JsonNode? Default { get; init; }

    /// <summary>What happens when it is left out, where that is neither a fixed value nor nothing.</summary>
    public string? LeftOut { get; init; }

    /// <inheritdoc cref="Parameter{TRequest}.HuggingFace"/>
    public string? HuggingFace { get; init; }

    /// <inheritdoc cref="Parameter{TRequest}.OtherNames"/>
    public IReadOnlyList<string>? OtherNames { get; init; }

    /// <inheritdoc cref="Parameter{TRequest}.IsRequired"/>
    public bool IsRequired { get; init; }
}
