using System.Text.Json;

namespace LlamaHost.Grammars.Schemas;

/// <summary>
/// Reads a JSON schema (draft 2020-12, and of the older drafts what means the same). Every keyword is understood or refused: none is passed over.
/// </summary>
internal static class SchemaReader
{
    private const int MostBranches = 100;

    /// <summary>Keywords that say nothing of what is valid.</summary>
    public static IReadOnlyList<string> Annotations { get; } =
        ["title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "$comment", "$schema", "$defs", "definitions"];

    /// <summary>What is understood.</summary>
    public static IReadOnlyDictionary<string, Func<Schema, JsonElement, string, Schema>> Keywords { get; } =
        new Dictionary<string, Func<Schema, JsonElement, string, Schema>>(StringComparer.Ordinal)
        {
            ["type"] = (schema, value, path) => schema with { Types = schema.Types & Types(value, path) },
            ["enum"] = (schema, value, path) => WithValues(schema, [.. JsonShape.Array(value, path)]),
            ["const"] = (schema, value, _) => WithValues(schema, [value]),
            ["minimum"] = (schema, value, path) => WithLeast(schema, value, path, isExclusive: false),
            ["exclusiveMinimum"] = (schema, value, path) => WithLeast(schema, value, path, isExclusive: true),
            ["maximum"] = (schema, value, path) => WithMost(schema, value, path, isExclusive: false),
            ["exclusiveMaximum"] = (schema, value, path) => WithMost(schema, value, path, isExclusive: true),
            ["multipleOf"] = (schema, value, path) => schema with { MultiplesOf = [.. schema.MultiplesOf, JsonShape.Positive(value, path)] },
            ["minLength"] = (schema, value, path) => schema with { MinLength = JsonShape.Count(value, path) },
            ["maxLength"] = (schema, value, path) => schema with { MaxLength = JsonShape.Count(value, path) },
            ["pattern"] = (schema, value, path) => schema with { Texts = [.. schema.Texts, JsonShape.Pattern(value, path)] },
            ["format"] = (schema, value, path) => schema with { Texts = [.. schema.Texts, Format(value, path)] },
            ["prefixItems"] = (schema, value, path) => schema with { Prefix = ReadAll(value, path) },
            ["items"] = (schema, value, path) => schema with { Items = Read(value, path) },
            ["minItems"] = (schema, value, path) => schema with { MinItems = JsonShape.Count(value, path) },
            ["maxItems"] = (schema, value, path) => schema with { MaxItems = JsonShape.Count(value, path) },
            ["uniqueItems"] = (schema, value, path) => schema with { UniqueItems = JsonShape.Boolean(value, path) },
            ["properties"] = (schema, value, path) => schema with { Properties = Properties(value, path) },
            ["required"] = (schema, value, path) => schema with { Required = JsonShape.Names(value, path) },
            ["patternProperties"] = (schema, value, path) => schema with { Patterns = Patterns(value, path) },
            ["additionalProperties"] = (schema, value, path) => schema with { Additional = Read(value, path) },
            ["propertyNames"] = (schema, value, path) => schema with { Names = [Read(value, path)] },
            ["minProperties"] = (schema, value, path) => schema with { MinProperties = JsonShape.Count(value, path) },
            ["maxProperties"] = (schema, value, path) => schema with { MaxProperties = JsonShape.Count(value, path) },
            ["anyOf"] = (schema, value, path) => schema with { Groups = [.. schema.Groups, ReadAll(value, path)] },
            ["oneOf"] = (schema, value, path) => schema with { Groups = [.. schema.Groups, new ExclusiveSchemas(ReadAll(value, path), path)] },
            ["allOf"] = (schema, value, path) => ReadAll(value, path).Aggregate(schema, SchemaMerge.Both),
            ["$ref"] = (schema, value, path) => schema with { References = [.. schema.References, JsonShape.Reference(value, path)] },
        };

    // Of each keyword about one type, the type it is about: without a type of its own a schema is taken to mean that one.
    private static readonly Dictionary<string, JsonTypes> TypesOfKeywords = new(StringComparer.Ordinal)
    {
        ["minimum"] = JsonTypes.Number, ["exclusiveMinimum"] = JsonTypes.Number, ["maximum"] = JsonTypes.Number,
        ["exclusiveMaximum"] = JsonTypes.Number, ["multipleOf"] = JsonTypes.Number,
        ["minLength"] = JsonTypes.String, ["maxLength"] = JsonTypes.String, ["pattern"] = JsonTypes.String, ["format"] = JsonTypes.String,
        ["prefixItems"] = JsonTypes.Array, ["items"] = JsonTypes.Array, ["minItems"] = JsonTypes.Array, ["maxItems"] = JsonTypes.Array,
        ["uniqueItems"] = JsonTypes.Array,
        ["properties"] = JsonTypes.Object, ["required"] = JsonTypes.Object, ["patternProperties"] = JsonTypes.Object,
        ["additionalProperties"] = JsonTypes.Object, ["propertyNames"] = JsonTypes.Object, ["minProperties"] = JsonTypes.Object,
        ["maxProperties"] = JsonTypes.Object,
    };

    /// <summary>Reads a schema.</summary>
    /// <param name="element">An object, true or false.</param>
    /// <param name="path">JSON pointer to it.</param>
    /// <exception cref="GrammarException">It can't be enforced; the place is a JSON pointer to the keyword.</exception>
    public static Schema Read(JsonElement element, string path)
    {
        if (element.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return element.ValueKind == JsonValueKind.True ? Schema.Any : Schema.Nothing;
        if (element.ValueKind != JsonValueKind.Object)
            throw new GrammarException("A schema is an object, true or false.", path);
        JsonTypes about = JsonTypes.None;
        bool isTyped = false;
        Schema schema = Schema.Any with { Path = path };
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string place = JsonShape.Below(path, property.Name);
            if (!seen.Add(property.Name))
                throw new GrammarException($"{property.Name} is there twice.", place);
            isTyped |= property.Name is "type" or "enum" or "const";
            about |= TypesOfKeywords.GetValueOrDefault(property.Name);
            if (Keywords.TryGetValue(property.Name, out Func<Schema, JsonElement, string, Schema>? read))
                schema = read(schema, property.Value, place);
            else if (!IsAnnotation(property.Name, path))
                throw new GrammarException($"{property.Name} is not supported.", place);
        }
        return about != JsonTypes.None && !isTyped ? schema with { Types = schema.Types & about } : schema;
    }

    private static bool IsAnnotation(string name, string path) =>
        Annotations.Contains(name) || name.StartsWith("x-", StringComparison.Ordinal) || (name == "$id" && path.Length == 0);

    private static Schema[] ReadAll(JsonElement value, string path)
    {
        Schema[] schemas = [.. JsonShape.Array(value, path).Select((item, index) => Read(item, $"{path}/{index}"))];
        return schemas.Length is > 0 and <= MostBranches
            ? schemas : throw new GrammarException($"There must be 1 to {MostBranches} schemas.", path);
    }

    private static JsonTypes Types(JsonElement value, string path) => value.ValueKind == JsonValueKind.Array
        ? value.EnumerateArray().Aggregate(JsonTypes.None, (types, one) => types | Type(one, path)) : Type(value, path);

    private static JsonTypes Type(JsonElement value, string path) => JsonShape.String(value, path) switch
    {
        "null" => JsonTypes.Null,
        "boolean" => JsonTypes.Boolean,
        "integer" => JsonTypes.Integer,
        "number" => JsonTypes.Number,
        "string" => JsonTypes.String,
        "array" => JsonTypes.Array,
        "object" => JsonTypes.Object,
        string other => throw new GrammarException($"There is no type {other}.", path),
    };

    private static Schema WithValues(Schema schema, JsonElement[] values) => SchemaMerge.Both(schema, new Schema { Values = values });

    private static Schema WithLeast(Schema schema, JsonElement value, string path, bool isExclusive) =>
        schema with { Least = Bound.Higher(schema.Least, new Bound(JsonShape.Number(value, path), isExclusive)) };

    private static Schema WithMost(Schema schema, JsonElement value, string path, bool isExclusive) =>
        schema with { Most = Bound.Lower(schema.Most, new Bound(JsonShape.Number(value, path), isExclusive)) };

    private static GrammarNode Format(JsonElement value, string path) =>
        StringFormats.Find(JsonShape.String(value, path)) ?? throw new GrammarException($"The format {value.GetString()} is not supported.", path);

    private static KeyValuePair<string, Schema>[] Properties(JsonElement value, string path) =>
    [
        .. JsonShape.Object(value, path).Select(one =>
            KeyValuePair.Create(JsonShape.Text(one.Name, path), Read(one.Value, JsonShape.Below(path, one.Name)))),
    ];

    private static KeyPattern[] Patterns(JsonElement value, string path) =>
    [
        .. from one in JsonShape.Object(value, path)
           let place = JsonShape.Below(path, one.Name)
           select new KeyPattern(one.Name, JsonShape.Pattern(one.Name, place), Read(one.Value, place)),
    ];
}
