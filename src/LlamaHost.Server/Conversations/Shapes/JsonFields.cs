using System.Text.Json;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.Conversations.Shapes;

/// <summary>The fields of a JSON object within a request. Null means that a field is not there; fields that nobody asks for are skipped.</summary>
internal readonly struct JsonFields
{
    private static readonly TextShape AnyText = new();
    private static readonly BooleanShape AnyBoolean = new();

    private readonly JsonElement _value;

    private JsonFields(JsonElement value, string place)
    {
        _value = value;
        Place = place;
    }

    /// <summary>Where the object is, such as <c>messages[2]</c>.</summary>
    public string Place { get; }

    /// <summary>The fields of a value, which must be an object.</summary>
    /// <exception cref="ApiException"><c>wrong_type</c>.</exception>
    public static JsonFields Of(JsonElement value, string place) => value.ValueKind == JsonValueKind.Object
        ? new JsonFields(value, place)
        : throw WrongType(value, place, "an object");

    /// <summary>The value has another type.</summary>
    public static ApiException WrongType(JsonElement value, string place, string expected) =>
        ApiException.BadRequest(ErrorCodes.WrongType, place, $"{place} must be {expected}; it is {JsonKinds.Name(value.ValueKind)}.");

    /// <summary>The field's place, for errors.</summary>
    public string PlaceOf(string name) => $"{Place}.{name}";

    /// <summary>The field as it is, or <see langword="null"/>.</summary>
    public JsonElement? Any(string name) =>
        _value.TryGetProperty(name, out JsonElement field) && field.ValueKind != JsonValueKind.Null ? field : null;

    /// <summary>A string, or <see langword="null"/>.</summary>
    public string? Text(string name) => Any(name) is { } field ? AnyText.Read(field, PlaceOf(name), PlaceOf(name)) : null;

    /// <summary>A string that must be there and is not empty.</summary>
    public string RequiredText(string name) => Text(name) switch
    {
        null => throw Missing(name, "a string"),
        "" => throw ApiException.BadRequest(ErrorCodes.OutOfRange, PlaceOf(name), $"{PlaceOf(name)} is empty."),
        var text => text,
    };

    /// <summary>True, false or <see langword="null"/>.</summary>
    public bool? Boolean(string name) => Any(name) is { } field ? AnyBoolean.Read(field, PlaceOf(name), PlaceOf(name)) : null;

    /// <summary>The fields of an object that must be there.</summary>
    public JsonFields RequiredObject(string name) => Any(name) is { } field ? Of(field, PlaceOf(name)) : throw Missing(name, "an object");

    /// <summary>The items of an array with their places; <see langword="null"/> if it is not there.</summary>
    public IReadOnlyList<(JsonElement Value, string Place)>? Items(string name)
    {
        if (Any(name) is not { } field)
            return null;
        string place = PlaceOf(name);
        return field.ValueKind == JsonValueKind.Array
            ? [.. field.EnumerateArray().Select((item, index) => (item, $"{place}[{index}]"))]
            : throw WrongType(field, place, "an array");
    }

    /// <summary>The field is missing.</summary>
    public ApiException Missing(string name, string expected) =>
        ApiException.BadRequest(ErrorCodes.MissingField, PlaceOf(name), $"{PlaceOf(name)} is missing: {expected}.");
}
