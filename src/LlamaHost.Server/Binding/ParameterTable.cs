using System.Text.Json;
using LlamaHost.Server.Errors;
using Microsoft.OpenApi;

namespace LlamaHost.Server.Binding;

/// <summary>
/// All fields of a JSON body, and strict binding by them: what is not in the table is refused, never ignored, unless the table says otherwise.
/// </summary>
/// <typeparam name="TRequest">What the body is read into.</typeparam>
internal sealed class ParameterTable<TRequest>
    where TRequest : new()
{
    private readonly Dictionary<string, Parameter<TRequest>> _byName;

    /// <param name="parameters">One row per field, in the order of the documentation.</param>
    public ParameterTable(params IReadOnlyList<Parameter<TRequest>> parameters)
    {
        Parameters = parameters;
        _byName = parameters.ToDictionary(one => one.Name, StringComparer.Ordinal);
    }

    /// <summary>One row per field.</summary>
    public IReadOnlyList<Parameter<TRequest>> Parameters { get; }

    /// <summary>Fields that are known elsewhere and not supported here: name and reason. Null, which means that they are off, is accepted.</summary>
    public IReadOnlyDictionary<string, string> Unsupported { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether fields that are in no row are ignored: clients of other servers send more than one server knows.</summary>
    public bool IgnoresUnknown { get; init; }

    /// <summary>Reads a body.</summary>
    /// <exception cref="ApiException">A 400 with the field that is at fault.</exception>
    public TRequest Bind(JsonElement body)
    {
        var request = new TRequest();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in body.EnumerateObject())
        {
            string name = JsonNames.Of(property, field: null);
            if (!seen.Add(name))
                throw ApiException.BadRequest(ErrorCodes.DuplicateField, name, $"{name} is there twice.");
            if (!Unsupported.TryGetValue(name, out string? reason))
                Find(name)?.Bind(request, property.Value);
            else if (property.Value.ValueKind != JsonValueKind.Null)
                throw ApiException.BadRequest(ErrorCodes.UnsupportedParameter, name, $"{name} is not supported: {reason}");
        }
        foreach (Parameter<TRequest> parameter in Parameters)
        {
            if (parameter.IsRequired && !seen.Contains(parameter.Name))
                throw ApiException.BadRequest(ErrorCodes.MissingField, parameter.Name, $"{parameter.Name} is missing: {parameter.Values}.");
        }
        return request;
    }

    /// <summary>The body's schema.</summary>
    public OpenApiSchema ToSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = Parameters.ToDictionary(one => one.Name, one => (IOpenApiSchema)one.ToSchema()),
        Required = Parameters.Where(one => one.IsRequired).Select(one => one.Name).ToHashSet(),
        AdditionalPropertiesAllowed = IgnoresUnknown,
    };

    private Parameter<TRequest>? Find(string name)
    {
        if (_byName.TryGetValue(name, out Parameter<TRequest>? parameter) || IgnoresUnknown)
            return parameter;
        string? meant = Parameters.FirstOrDefault(one => one.OtherNames.Contains(name, StringComparer.OrdinalIgnoreCase))?.Name
            ?? Spelling.Nearest(name, _byName.Keys);
        string hint = meant is null ? "" : $" Did you mean {meant}?";
        throw ApiException.BadRequest(ErrorCodes.UnknownField, name, $"There is no field {Spelling.Quote(name)}.{hint}");
    }
}
