using System.Text.Json;

namespace LlamaHost.Grammars.Schemas;

/// <summary>
/// What a JSON schema demands, as one conjunction: every property here narrows what is valid. Two of them can be joined (<see cref="SchemaMerge"/>).
/// </summary>
internal sealed record Schema
{
    /// <summary>Everything is valid.</summary>
    public static Schema Any { get; } = new();

    /// <summary>Nothing is valid.</summary>
    public static Schema Nothing { get; } = new() { Types = JsonTypes.None };

    /// <summary>JSON pointer to where it stands, for messages.</summary>
    public string Path { get; init; } = "";

    public JsonTypes Types { get; init; } = JsonTypes.All;

    /// <summary>The only valid values, if they are listed.</summary>
    public IReadOnlyList<JsonElement>? Values { get; init; }

    public Bound? Least { get; init; }

    public Bound? Most { get; init; }

    public IReadOnlyList<ExactNumber> MultiplesOf { get; init; } = [];

    public int MinLength { get; init; }

    public int? MaxLength { get; init; }

    /// <summary>Conditions on the text of strings, each as a part of a grammar.</summary>
    public IReadOnlyList<GrammarNode> Texts { get; init; } = [];

    public IReadOnlyList<Schema> Prefix { get; init; } = [];

    /// <summary>Items behind the prefix; <see langword="null"/>: any.</summary>
    public Schema? Items { get; init; }

    public int MinItems { get; init; }

    public int? MaxItems { get; init; }

    public bool UniqueItems { get; init; }

    /// <summary>In the order in which they are written.</summary>
    public IReadOnlyList<KeyValuePair<string, Schema>> Properties { get; init; } = [];

    public IReadOnlyList<string> Required { get; init; } = [];

    /// <summary>What values of keys must fulfil that match.</summary>
    public IReadOnlyList<KeyPattern> Patterns { get; init; } = [];

    /// <summary>Values of all other keys; <see langword="null"/>: any.</summary>
    public Schema? Additional { get; init; }

    /// <summary>Conditions on keys.</summary>
    public IReadOnlyList<Schema> Names { get; init; } = [];

    public int MinProperties { get; init; }

    public int? MaxProperties { get; init; }

    /// <summary>Of each of these groups, one must hold as well.</summary>
    public IReadOnlyList<IReadOnlyList<Schema>> Groups { get; init; } = [];

    /// <summary>Schemas elsewhere that must hold as well, as JSON pointers.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Whether it demands nothing.</summary>
    public bool IsAny =>
        this is
        {
            Types: JsonTypes.All, Values: null, Least: null, Most: null, MultiplesOf.Count: 0, MinLength: 0, MaxLength: null, Texts.Count: 0,
            Prefix.Count: 0, Items: null, MinItems: 0, MaxItems: null, UniqueItems: false, Properties.Count: 0, Required.Count: 0,
            Patterns.Count: 0, Additional: null, Names.Count: 0, MinProperties: 0, MaxProperties: null, Groups.Count: 0, References.Count: 0,
        };

    /// <summary>Whether nothing is valid, as far as it can be seen at once.</summary>
    public bool IsNothing => Types == JsonTypes.None;

    /// <summary>Whether it is a reference alone.</summary>
    public bool IsReference => References.Count == 1 && (this with { References = [] }).IsAny;

    /// <summary>The schema of a declared property.</summary>
    public Schema? Property(string name)
    {
        foreach ((string key, Schema schema) in Properties)
        {
            if (key == name)
                return schema;
        }
        return null;
    }
}

/// <summary>What values of keys must fulfil.</summary>
/// <param name="Pattern">The expression as it is written.</param>
/// <param name="Keys">The keys that match it.</param>
/// <param name="Value">What their values must fulfil.</param>
internal sealed record KeyPattern(string Pattern, GrammarNode Keys, Schema Value);
