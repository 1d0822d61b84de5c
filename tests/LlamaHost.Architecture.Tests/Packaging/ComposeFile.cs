using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LlamaHost.Tests;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace LlamaHost.Architecture.Tests.Packaging;

/// <summary>A compose file of the folder <c>docker</c>.</summary>
internal static partial class ComposeFile
{
    /// <summary>Names of all of them.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateFiles(Folder, "compose*.yaml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>Where they are.</summary>
    public static string Folder => Path.Combine(RepositoryFiles.Root, "docker");

    /// <summary>The variables that a file's text names, with their defaults; <see langword="null"/>: none, it must be set.</summary>
    public static IEnumerable<(string Name, string? Default)> VariablesOf(string file) =>
        Variable().Matches(File.ReadAllText(Path.Combine(Folder, file))).Select(
            match => (match.Groups["name"].Value, match.Groups["default"] is { Success: true } value ? value.Value : null));

    /// <summary>The file with its variables' values in place.</summary>
    /// <param name="file">Its name.</param>
    /// <param name="variables">Values that count instead of the defaults.</param>
    public static JsonObject Read(string file, params (string Name, string Value)[] variables)
    {
        string text = Variable().Replace(File.ReadAllText(Path.Combine(Folder, file)), match =>
        {
            (_, string? value) = variables.FirstOrDefault(one => one.Name == match.Groups["name"].Value);
            return value ?? (match.Groups["default"] is { Success: true } fallback ? fallback.Value : "1");
        });
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        return ToJson(yaml.Documents.Single().RootNode)!.AsObject();
    }

    /// <summary>The one service of a file, with what it takes over by <c>extends</c>.</summary>
    public static JsonObject Service(string file, params (string Name, string Value)[] variables)
    {
        JsonObject service = Assert.Single(Read(file, variables)["services"]!.AsObject()).Value!.DeepClone().AsObject();
        if (!service.Remove("extends", out JsonNode? extended))
            return service;
        JsonObject parent = Service((string)extended!["file"]!, variables);
        return Merge(parent, service).AsObject();
    }

    // As the specification has it: mappings key by key, sequences one behind the other, all else replaced.
    private static JsonNode Merge(JsonNode below, JsonNode above)
    {
        if (below is JsonArray first && above is JsonArray second)
            return new JsonArray([.. first.Concat(second).Select(item => item!.DeepClone())]);
        if (below is not JsonObject under || above is not JsonObject over)
            return above.DeepClone();
        var merged = new JsonObject();
        foreach (string key in under.Select(pair => pair.Key).Union(over.Select(pair => pair.Key)))
            merged[key] = (under[key], over[key]) is ({ } low, { } high) ? Merge(low, high) : (over[key] ?? under[key])!.DeepClone();
        return merged;
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(
            mapping.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, ToJson(pair.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
        YamlScalarNode { Style: not ScalarStyle.Plain, Value: var text } => JsonValue.Create(text),
        YamlScalarNode { Value: null or "" or "~" or "null" } => null,
        YamlScalarNode { Value: "true" } => JsonValue.Create(true),
        YamlScalarNode { Value: "false" } => JsonValue.Create(false),
        YamlScalarNode { Value: var text } when long.TryParse(text, CultureInfo.InvariantCulture, out long number) => JsonValue.Create(number),
        YamlScalarNode { Value: var text } => JsonValue.Create(text),
        _ => throw new NotSupportedException(node.ToString()),
    };

    [GeneratedRegex(@"\$\{(?<name>\w+)(:-(?<default>[^}]*)|:\?[^}]*)\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Variable();
}
