using System.Text.Json;
using LlamaHost.Server.Errors;
using Microsoft.OpenApi;

namespace LlamaHost.Server.Binding;

/// <summary>Type and range of a JSON value: how it is read, how it is described, and its schema.</summary>
/// <typeparam name="T">What it is read into.</typeparam>
internal abstract class Shape<T>
{
    /// <summary>In words, such as <c>an integer, 1 or more</c>.</summary>
    public abstract string Description { get; }

    /// <summary>Reads the value.</summary>
    /// <param name="value">Any JSON value.</param>
    /// <param name="field">The request's field that it is in, for errors.</param>
    /// <param name="place">Where exactly it is, such as <c>stop[2]</c>, for errors.</param>
    /// <exception cref="ApiException"><c>wrong_type</c> or <c>out_of_range</c>.</exception>
    public abstract T Read(JsonElement value, string field, string place);

    /// <summary>Its schema (OpenAPI 3.1, JSON Schema 2020-12).</summary>
    public abstract OpenApiSchema ToSchema();

    /// <summary>The value has another type.</summary>
    protected ApiException WrongType(JsonElement value, string field, string place) =>
        ApiException.BadRequest(ErrorCodes.WrongType, field, $"{place} must be {Description}; it is {JsonKinds.Name(value.ValueKind)}.");

    /// <summary>The value lies outside the range.</summary>
    protected ApiException OutOfRange(string value, string field, string place) =>
        ApiException.BadRequest(ErrorCodes.OutOfRange, field, $"{place} must be {Description}; it is {value}.");
}

/// <summary>JSON's types by name.</summary>
internal static class JsonKinds
{
    private const int LongestQuoted = 40;

    /// <summary>With article, for a sentence.</summary>
    public static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };

    /// <summary>The value's JSON text, cut where it would make an error message unreadable.</summary>
    public static string Quote(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= LongestQuoted ? text : text[..LongestQuoted] + "…";
    }
}
