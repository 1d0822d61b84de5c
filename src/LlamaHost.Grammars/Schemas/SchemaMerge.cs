using System.Text.Json;

namespace LlamaHost.Grammars.Schemas;

/// <summary>Joins schemas that must both hold. Exact, or refused.</summary>
internal static class SchemaMerge
{
    /// <summary>What is valid under both.</summary>
    /// <exception cref="GrammarException">They can't be joined.</exception>
    public static Schema Both(Schema one, Schema other)
    {
        if (ReferenceEquals(one, other) || other.IsAny)
            return one;
        if (one.IsAny)
            return other;
        return one with
        {
            Types = one.Types & other.Types,
            Values = BothValues(one.Values, other.Values),
            Least = Bound.Higher(one.Least, other.Least),
            Most = Bound.Lower(one.Most, other.Most),
            MultiplesOf = [.. one.MultiplesOf, .. other.MultiplesOf],
            MinLength = Math.Max(one.MinLength, other.MinLength),
            MaxLength = Lower(one.MaxLength, other.MaxLength),
            Texts = [.. one.Texts, .. other.Texts],
            Prefix =
            [
                .. Enumerable.Range(0, Math.Max(one.Prefix.Count, other.Prefix.Count))
                    .Select(place => Both(Item(one, place), Item(other, place))),
            ],
            Items = BothOrEither(one.Items, other.Items),
            MinItems = Math.Max(one.MinItems, other.MinItems),
            MaxItems = Lower(one.MaxItems, other.MaxItems),
            UniqueItems = one.UniqueItems || other.UniqueItems,
            Properties = BothProperties(one, other),
            Required = [.. one.Required.Union(other.Required)],
            Patterns = BothPatterns(one, other),
            Additional = BothOrEither(one.Additional, other.Additional),
            Names = [.. one.Names, .. other.Names],
            MinProperties = Math.Max(one.MinProperties, other.MinProperties),
            MaxProperties = Lower(one.MaxProperties, other.MaxProperties),
            Groups = [.. one.Groups, .. other.Groups],
            References = [.. one.References.Union(other.References)],
        };
    }

    private static Schema? BothOrEither(Schema? one, Schema? other) =>
        one is null ? other : other is null ? one : Both(one, other);

    private static int? Lower(int? one, int? other) => one is null ? other : other is null ? one : Math.Min(one.Value, other.Value);

    private static Schema Item(Schema schema, int place) => place < schema.Prefix.Count ? schema.Prefix[place] : schema.Items ?? Schema.Any;

    private static IReadOnlyList<JsonElement>? BothValues(IReadOnlyList<JsonElement>? one, IReadOnlyList<JsonElement>? other) =>
        one is null ? other : other is null ? one : [.. one.Where(value => other.Any(same => JsonValues.AreEqual(value, same)))];

    // A property that only one of them declares falls under the other's additionalProperties.
    private static List<KeyValuePair<string, Schema>> BothProperties(Schema one, Schema other)
    {
        bool isPlain = one.Patterns.Count == 0 && other.Patterns.Count == 0;
        List<KeyValuePair<string, Schema>> both = [];
        foreach (string name in one.Properties.Select(property => property.Key).Union(other.Properties.Select(property => property.Key)))
        {
            (Schema? first, Schema? second) = (one.Property(name), other.Property(name));
            if (!isPlain && (first is null ? one : second is null ? other : null) is { Additional: not null, Patterns.Count: > 0 } open)
                throw new GrammarException("patternProperties beside additionalProperties can't be joined with other properties.", open.Path);
            both.Add(new(name, Both(first ?? one.Additional ?? Schema.Any, second ?? other.Additional ?? Schema.Any)));
        }
        return both;
    }

    private static IReadOnlyList<KeyPattern> BothPatterns(Schema one, Schema other)
    {
        foreach ((Schema open, Schema pattern) in ((Schema, Schema)[])[(one, other), (other, one)])
        {
            // What matches only the other's patterns falls under this one's additionalProperties, but for what this one declares.
            if (open.Additional is not null && pattern.Patterns.Any(keys => open.Patterns.All(own => own.Pattern != keys.Pattern)))
                throw new GrammarException("additionalProperties can't be joined with another schema's patternProperties.", open.Path);
        }
        return [.. one.Patterns, .. other.Patterns];
    }
}
