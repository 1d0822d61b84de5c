using System.Text.Json.Nodes;
using LlamaHost.Server.Binding;
using Microsoft.OpenApi;

namespace LlamaHost.Server.Generate.Parameters;

/// <summary>
/// The fields of <c>POST /generate</c>: one row each, read by binding, the rules, the answer's settings, the API document and the documentation.
/// </summary>
internal static class GenerateParameters
{
    /// <summary>New tokens where no length is given, as far as the context allows.</summary>
    public const int DefaultNewTokens = 256;

    /// <summary>All rows by theme, in the order of the documentation.</summary>
    public static IReadOnlyList<(string Theme, IReadOnlyList<GenerateParameter> Rows)> Themes { get; } =
    [
        ("Prompt", PromptParameters.Rows),
        ("Length and stops", LengthParameters.Rows),
        ("Strategy", StrategyParameters.Rows),
        ("Structured output", StructureParameters.Rows),
        ("Processors", ProcessorParameters.Rows),
        ("Tokens that are favoured, forbidden or forced", TokenParameters.Rows),
        ("Warpers", WarperParameters.Rows),
        ("As in llama.cpp", LlamaCppParameters.Rows),
        ("What comes back", AnswerParameters.Rows),
    ];

    /// <summary>All rows.</summary>
    public static IReadOnlyList<GenerateParameter> All { get; } = [.. Themes.SelectMany(theme => theme.Rows)];

    /// <summary>The fields, for binding.</summary>
    public static ParameterTable<GenerateRequest> Table { get; } =
        new([.. All.Select(one => one.Field)]) { Unsupported = UnsupportedParameters.Reasons };

    /// <summary>Names of the fields of a strategy that the request gives.</summary>
    public static IReadOnlyList<string> Given(GenerateRequest request, ParameterEffect effect) =>
        [.. All.Where(one => one.Effect == effect && request.Given.Contains(one.Field.Name)).Select(one => one.Field.Name)];

    /// <summary>The settings in effect.</summary>
    public static JsonObject Settings(EffectiveRequest request)
    {
        var settings = new JsonObject();
        foreach (GenerateParameter parameter in All)
        {
            bool applies = request.Sent.Choices is null || parameter.WorksWithChoices;
            if (applies && parameter.Setting?.Invoke(request) is { } value)
                settings.Add(parameter.Field.Name, value);
        }
        return settings;
    }

    /// <summary>Schema of the settings: each as it would be sent.</summary>
    public static OpenApiSchema SettingsSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "The settings in effect after defaults. What has no effect, such as temperature in greedy search, is absent.",
        Properties = All.Where(one => one.Setting is not null).ToDictionary(one => one.Field.Name, one => (IOpenApiSchema)one.Field.ToSchema()),
        AdditionalPropertiesAllowed = false,
    };
}
