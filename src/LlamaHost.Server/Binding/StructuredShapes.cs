using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaHost.Server.Errors;
using Microsoft.OpenApi;

namespace LlamaHost.Server.Binding;

/// <summary>One of a few JSON values.</summary>
/// <typeparam name="T">What they stand for.</typeparam>
/// <param name="values">JSON text of each value, and what it stands for.</param>
internal sealed class ChoiceShape<T>(params (string Json, T Value)[] values) : Shape<T>
{
    private static readonly TextShape _text = new();

    private readonly (JsonElement Json, T Value)[] _values = [.. values.Select(one => (JsonElement.Parse(one.Json), one.Value))];

    /// <inheritdoc/>
    public override string Description => values is [var only]
        ? only.Json
        : $"{string.Join(", ", values[..^1].Select(one => one.Json))} or {values[^1].Json}";

    /// <inheritdoc/>
    public override T Read(JsonElement value, string field, string place)
    {
        foreach ((JsonElement json, T meaning) in _values)
        {
            if (IsSame(json, value, field, place))
                return meaning;
        }
        throw _values.Any(one => Kind(one.Json) == Kind(value)) ? OutOfRange(JsonKinds.Quote(value), field, place) : WrongType(value, field, place);
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new() { Enum = [.. values.Select(one => JsonNode.Parse(one.Json)!)] };

    // 2.0 is 2, and a string may hold an unpaired surrogate, which JsonElement's own comparisons don't survive.
    private static bool IsSame(JsonElement expected, JsonElement value, string field, string place) =>
        value.ValueKind == expected.ValueKind && value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble().Equals(expected.GetDouble()),
        JsonValueKind.String => _text.Read(value, field, place) == expected.GetString(),
        _ => true,
    };

    private static string Kind(JsonElement value) => JsonKinds.Name(value.ValueKind);
}

/// <summary>An array of two values.</summary>
internal sealed class PairShape<TFirst, TSecond>(string names, Shape<TFirst> first, Shape<TSecond> second) : Shape<(TFirst First, TSecond Second)>
{
    /// <inheritdoc/>
    public override string Description => $"an array {names} of {first.Description} and {second.Description}";

    /// <inheritdoc/>
    public override (TFirst First, TSecond Second) Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind != JsonValueKind.Array)
            throw WrongType(value, field, place);
        int count = value.GetArrayLength();
        return count == 2
            ? (first.Read(value[0], field, $"{place}[0]"), second.Read(value[1], field, $"{place}[1]"))
            : throw OutOfRange($"{count} items long", field, place);
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new()
    {
        Type = JsonSchemaType.Array,
        Items = new OpenApiSchema { AnyOf = [first.ToSchema(), second.ToSchema()] },
        MinItems = 2,
        MaxItems = 2,
    };
}

/// <summary>A value, or null with a meaning of its own.</summary>
internal sealed class NullableShape<T>(Shape<T> shape, T whenNull) : Shape<T>
{
    /// <inheritdoc/>
    public override string Description => $"{shape.Description}, or null";

    /// <inheritdoc/>
    public override T Read(JsonElement value, string field, string place) =>
        value.ValueKind == JsonValueKind.Null ? whenNull : shape.Read(value, field, place);

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new() { OneOf = [shape.ToSchema(), new OpenApiSchema { Type = JsonSchemaType.Null }] };
}

/// <summary>One array of token ids, or an array of such arrays.</summary>
/// <param name="ids">One of them.</param>
/// <param name="most">Most of them.</param>
internal sealed class OneOrSeveralIdsShape(ListShape<int> ids, int most) : Shape<IReadOnlyList<IReadOnlyList<int>>>
{
    private readonly ListShape<IReadOnlyList<int>> _several = new(ids, 1, most);

    /// <inheritdoc/>
    public override string Description => $"{ids.Description}; or an array of 1 to {most} such arrays";

    /// <inheritdoc/>
    public override IReadOnlyList<IReadOnlyList<int>> Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind != JsonValueKind.Array)
            throw WrongType(value, field, place);
        return value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.Array
            ? _several.Read(value, field, place)
            : [ids.Read(value, field, place)];
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new() { OneOf = [ids.ToSchema(), _several.ToSchema()] };
}

/// <summary>A bias for each of several token ids: an object, as OpenAI's users write it, or an array of pairs, as llama.cpp's do.</summary>
/// <param name="bias">One bias.</param>
/// <param name="most">Most of them.</param>
internal sealed class TokenBiasShape(Shape<float> bias, int most) : Shape<IReadOnlyList<(int Token, float Bias)>>
{
    private readonly PairShape<int, float> _pair = new("[id, bias]", new IntegerShape(0), bias);

    /// <inheritdoc/>
    public override string Description =>
        $"an object from token ids to biases, or an array of [id, bias] pairs, at most {most}; each bias {bias.Description}, or false "
            + "to forbid the token";

    /// <inheritdoc/>
    public override IReadOnlyList<(int Token, float Bias)> Read(JsonElement value, string field, string place)
    {
        IReadOnlyList<(int Token, float Bias)> biases = value.ValueKind switch
        {
            JsonValueKind.Object =>
                [.. value.EnumerateObject().Take(most + 1).Select(one => (ReadId(one, field, place), ReadBias(one.Value, field, place)))],
            JsonValueKind.Array => [.. value.EnumerateArray().Take(most + 1).Select((one, index) => ReadPair(one, field, $"{place}[{index}]"))],
            _ => throw WrongType(value, field, place),
        };
        return biases.Count <= most ? biases : throw OutOfRange($"more than {most} items long", field, place);
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema()
    {
        OpenApiSchema value = new() { OneOf = [bias.ToSchema(), new OpenApiSchema { Type = JsonSchemaType.Boolean, Enum = [false] }] };
        OpenApiSchema pair = new() { Type = JsonSchemaType.Array, MinItems = 2, MaxItems = 2, Items = value };
        return new OpenApiSchema
        {
            OneOf =
            [
                new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = value, MaxProperties = most },
                new OpenApiSchema { Type = JsonSchemaType.Array, Items = pair, MaxItems = most },
            ],
        };
    }

    private (int Token, float Bias) ReadPair(JsonElement value, string field, string place)
    {
        bool isForbidden = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2 && value[1].ValueKind == JsonValueKind.False;
        return isForbidden ? (new IntegerShape(0).Read(value[0], field, $"{place}[0]"), float.NegativeInfinity) : _pair.Read(value, field, place);
    }

    private float ReadBias(JsonElement value, string field, string place) =>
        value.ValueKind == JsonValueKind.False ? float.NegativeInfinity : bias.Read(value, field, place);

    private int ReadId(JsonProperty one, string field, string place)
    {
        string name = JsonNames.Of(one, field);
        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            ? id
            : throw OutOfRange(Spelling.Quote(name), field, place);
    }
}

/// <summary>Names of a JSON object's fields.</summary>
internal static class JsonNames
{
    /// <summary>The field's name.</summary>
    /// <exception cref="ApiException"><c>invalid_utf8</c>: it is not text.</exception>
    public static string Of(JsonProperty property, string? field)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.BadRequest(ErrorCodes.InvalidUtf8, field, "A field's name holds an unpaired surrogate, which is no character.");
        }
    }
}
