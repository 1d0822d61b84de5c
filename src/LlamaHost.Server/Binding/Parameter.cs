using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaHost.Server.Errors;
using Microsoft.OpenApi;

namespace LlamaHost.Server.Binding;

/// <summary>
/// One field of a JSON body. Its row in an API's table is the only place that defines it: binding, validation, the API document and the
/// documentation's table all read it there.
/// </summary>
/// <typeparam name="TRequest">What the body is read into.</typeparam>
internal sealed record Parameter<TRequest>
{
    private readonly Action<TRequest, JsonElement> _bind;
    private readonly Func<OpenApiSchema> _schema;

    private Parameter(string name, string values, Action<TRequest, JsonElement> bind, Func<OpenApiSchema> schema)
    {
        Name = name;
        Values = values;
        _bind = bind;
        _schema = schema;
    }

    /// <summary>The field's name.</summary>
    public string Name { get; }

    /// <summary>Type and range in words.</summary>
    public string Values { get; }

    /// <summary>What it does, in one or two sentences.</summary>
    public required string Description { get; init; }

    /// <summary>The default as a JSON value, where it is a fixed one.</summary>
    public JsonNode? Default { get; init; }

    /// <summary>What happens when it is left out, where that is not a fixed value.</summary>
    public string? WhenLeftOut { get; init; }

    /// <summary>Its counterpart in Hugging Face's terms, or <see langword="null"/> if there is none.</summary>
    public string? HuggingFace { get; init; }

    /// <summary>Names that other APIs have for it: a client that uses one is told this one.</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = [];

    /// <summary>Whether it must be there.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Whether null is a value of its own rather than the same as left out.</summary>
    public bool IsNullValue { get; init; }

    /// <summary>A field of that shape.</summary>
    public static Parameter<TRequest> Of<T>(string name, Shape<T> shape, Action<TRequest, T> assign, string description) =>
        new(name, shape.Description, (request, value) => assign(request, shape.Read(value, name, name)), shape.ToSchema)
        { Description = description };

    /// <summary>Reads the field into the request. Null means the same as left out, unless the field is required or has a meaning for it.</summary>
    /// <exception cref="ApiException"><c>wrong_type</c> or <c>out_of_range</c>.</exception>
    public void Bind(TRequest request, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Null || IsRequired || IsNullValue)
            _bind(request, value);
    }

    /// <summary>Its schema with description and default.</summary>
    public OpenApiSchema ToSchema()
    {
        OpenApiSchema schema = _schema();
        schema.Description = WhenLeftOut is null ? Description : $"{Description} Left out: {WhenLeftOut}.";
        schema.Default = Default?.DeepClone();
        return schema;
    }
}
