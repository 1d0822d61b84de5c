using System.Text.Json;
using LlamaHost.Server.Errors;
using Microsoft.OpenApi;

namespace LlamaHost.Server.Binding;

/// <summary>True or false.</summary>
internal sealed class BooleanShape : Shape<bool>
{
    /// <inheritdoc/>
    public override string Description => "true or false";

    /// <inheritdoc/>
    public override bool Read(JsonElement value, string field, string place) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw WrongType(value, field, place),
    };

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new() { Type = JsonSchemaType.Boolean };
}

/// <summary>A string of Unicode text.</summary>
/// <param name="least">Fewest characters (UTF-16 code units).</param>
/// <param name="most">Most characters, or <see langword="null"/>: the body's limit is enough.</param>
internal sealed class TextShape(int least = 0, int? most = null) : Shape<string>
{
    /// <inheritdoc/>
    public override string Description => (least, most) switch
    {
        (0, null) => "a string",
        (_, null) => $"a string of {least} or more characters",
        _ => $"a string of {least} to {most} characters",
    };

    /// <inheritdoc/>
    public override string Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind != JsonValueKind.String)
            throw WrongType(value, field, place);
        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.BadRequest(ErrorCodes.InvalidUtf8, field, $"{place} holds an unpaired surrogate, which is no character.");
        }
        return text.Length >= least && text.Length <= (most ?? int.MaxValue)
            ? text
            : throw OutOfRange($"{text.Length} characters long", field, place);
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new()
    {
        Type = JsonSchemaType.String,
        MinLength = least == 0 ? null : least,
        MaxLength = most,
    };
}

/// <summary>An array of values of one shape.</summary>
internal sealed class ListShape<T>(Shape<T> item, int least, int most) : Shape<IReadOnlyList<T>>
{
    /// <inheritdoc/>
    public override string Description => $"an array of {least} to {most} items, each {item.Description}";

    /// <inheritdoc/>
    public override IReadOnlyList<T> Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind != JsonValueKind.Array)
            throw WrongType(value, field, place);
        int count = value.GetArrayLength();
        if (count < least || count > most)
            throw OutOfRange($"{count} items long", field, place);
        return [.. value.EnumerateArray().Select((one, index) => item.Read(one, field, $"{place}[{index}]"))];
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new()
    {
        Type = JsonSchemaType.Array,
        Items = item.ToSchema(),
        MinItems = least == 0 ? null : least,
        MaxItems = most,
    };
}

/// <summary>One value, or an array of them.</summary>
internal sealed class OneOrListShape<T>(Shape<T> item, int least, int most) : Shape<IReadOnlyList<T>>
{
    private readonly ListShape<T> _list = new(item, least, most);

    /// <inheritdoc/>
    public override string Description => $"{item.Description}, or an array of {least} to {most} of them";

    /// <inheritdoc/>
    public override IReadOnlyList<T> Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind == JsonValueKind.Array)
            return _list.Read(value, field, place);
        // Said here, so that the message offers the array as well.
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Object)
            throw WrongType(value, field, place);
        return [item.Read(value, field, place)];
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new() { OneOf = [item.ToSchema(), _list.ToSchema()] };
}
