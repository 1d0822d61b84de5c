using System.Text.Json;

namespace LlamaHost.Grammars.Schemas;

/// <summary>The schemas of a document, found by their JSON pointers.</summary>
internal sealed class SchemaSet(JsonElement document)
{
    // References one after the other, without an object or array between them.
    private const int MostSteps = 50;

    private readonly Dictionary<string, Schema> _read = new(StringComparer.Ordinal);

    /// <summary>The schema that a pointer leads to.</summary>
    /// <param name="pointer">JSON pointer.</param>
    /// <param name="from">Where it is referred to.</param>
    public Schema Find(string pointer, string from)
    {
        if (_read.TryGetValue(pointer, out Schema? schema))
            return schema;
        JsonElement element = document;
        foreach (string part in pointer.Split('/').Skip(1))
        {
            string name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            bool isFound = element.ValueKind switch
            {
                JsonValueKind.Object => element.TryGetProperty(name, out element),
                JsonValueKind.Array => int.TryParse(name, out int index) && index >= 0 && index < element.GetArrayLength()
                    && (element = element[index]).ValueKind != JsonValueKind.Undefined,
                _ => false,
            };
            if (!isFound)
                throw new GrammarException($"There is no schema #{pointer}.", JsonShape.Below(from, "$ref"));
        }
        schema = SchemaReader.Read(element, pointer);
        _read.Add(pointer, schema);
        return schema;
    }

    /// <summary>The schema joined with all that it refers to.</summary>
    /// <exception cref="GrammarException">The references go round.</exception>
    public Schema Resolve(Schema schema)
    {
        for (int step = 0; schema.References.Count > 0; step++)
        {
            if (step == MostSteps)
                throw new GrammarException("The references lead to each other without end.", JsonShape.Below(schema.Path, "$ref"));
            IReadOnlyList<string> references = schema.References;
            schema = references.Aggregate(
                schema with { References = [] }, (joined, reference) => SchemaMerge.Both(joined, Find(reference, schema.Path)));
        }
        return schema;
    }
}
