using System.Text.Json;
using LlamaHost.Grammars.Automata;

namespace LlamaHost.Grammars.Schemas;

/// <summary>Makes a grammar's part of a JSON schema.</summary>
internal sealed class SchemaCompiler
{
    private const int CostOfOption = 200;

    private readonly JsonRules _rules;
    private readonly SchemaSet _schemas;
    private readonly ObjectCompiler _objects;
    private readonly Dictionary<(string, int), GrammarNode> _referenced = [];

    /// <param name="rules">The grammar's.</param>
    /// <param name="document">The schema as a whole.</param>
    public SchemaCompiler(JsonRules rules, JsonElement document)
    {
        (_rules, _schemas) = (rules, new SchemaSet(document));
        _objects = new ObjectCompiler(rules, Compile);
    }

    /// <summary>What the whole schema lets through.</summary>
    /// <exception cref="GrammarException">It can't be enforced.</exception>
    public GrammarNode Compile() => Compile(_schemas.Find("", ""), GrammarLimits.MaxJsonDepth);

    private GrammarNode Compile(Schema schema, int depth)
    {
        _rules.Builder.Spend(1);
        if (schema.IsReference)
            return CompileReference(schema.References[0], schema, depth);
        schema = _schemas.Resolve(schema);
        if (schema.Groups is [var group, ..])
            return CompileGroup(schema with { Groups = [.. schema.Groups.Skip(1)] }, group, depth);
        if (schema.Values is { } values)
            return CompileValues(schema, values, depth);
        if (schema.IsAny)
            return _rules.Any(depth);
        return GrammarNode.Choice(Types(schema).Select(type => CompileType(schema, type, depth)));
    }

    // A rule for each depth at which it is referred to, made before what it stands for, which may come back to it.
    private GrammarNode CompileReference(string pointer, Schema from, int depth)
    {
        if (_referenced.TryGetValue((pointer, depth), out GrammarNode? rule))
            return rule;
        string name = _rules.Builder.Reserve("ref");
        _referenced.Add((pointer, depth), rule = GrammarNode.Rule(name));
        Schema target = _schemas.Find(pointer, from.Path);
        // References that lead to nothing but each other would never end.
        _rules.Builder.Fill(name, Compile(target.IsReference ? _schemas.Resolve(target) : target, depth));
        return rule;
    }

    private GrammarNode CompileGroup(Schema schema, IReadOnlyList<Schema> group, int depth)
    {
        // Several groups multiply.
        _rules.Builder.Spend(CostOfOption * group.Count);
        if (group is ExclusiveSchemas exclusive)
            Disjointness.Check(exclusive, schema, _schemas);
        return GrammarNode.Choice(group.Select(option => Compile(SchemaMerge.Both(schema, option), depth)).ToArray());
    }

    private static IEnumerable<JsonTypes> Types(Schema schema)
    {
        foreach (JsonTypes type in (JsonTypes[])[JsonTypes.Null, JsonTypes.Boolean, JsonTypes.String, JsonTypes.Array, JsonTypes.Object])
        {
            if (schema.Types.HasFlag(type))
                yield return type;
        }
        if (schema.Types.HasFlag(JsonTypes.Integer))
            yield return schema.Types & JsonTypes.Number;
        else if (schema.Types.HasFlag(JsonTypes.Fraction))
            throw new GrammarException("Numbers that are no integers can't be enforced.", schema.Path);
    }

    private GrammarNode CompileType(Schema schema, JsonTypes type, int depth) => type switch
    {
        JsonTypes.Null or JsonTypes.Boolean => _rules.Free(type, 0),
        JsonTypes.String => schema is { Texts: [], MinLength: 0, MaxLength: null }
            ? _rules.Free(type, 0) : _rules.Builder.Define("string", StringCompiler.Compile(schema, _rules)),
        JsonTypes.Array => CompileArray(schema, depth),
        JsonTypes.Object => _objects.Compile(schema, depth),
        _ => schema is { Least: null, Most: null, MultiplesOf: [] }
            ? _rules.Free(type, 0) : _rules.Builder.Define("number", NumberCompiler.Compile(schema with { Types = type }, _rules.Builder)),
    };

    private GrammarNode CompileArray(Schema schema, int depth)
    {
        int most = schema.MaxItems ?? int.MaxValue;
        if (schema.UniqueItems && most > 1 && (schema.Prefix.Count > 0 || schema.Items is not { IsNothing: true }))
            throw new GrammarException("uniqueItems is not supported for arrays of more than one item.", JsonShape.Below(schema.Path, "uniqueItems"));
        if (depth == 0 || most < schema.MinItems)
            return GrammarNode.Never;
        GrammarNode tail = CompileItems(schema, most, depth - 1);
        for (int place = Math.Min(schema.Prefix.Count, most) - 1; place >= 0; place--)
        {
            GrammarNode item = GrammarNode.Sequence(place == 0 ? _rules.Space : _rules.Comma, Compile(schema.Prefix[place], depth - 1), tail);
            tail = place < schema.MinItems ? item : _rules.Builder.Define("items", GrammarNode.Optional(item));
        }
        return GrammarNode.Sequence(GrammarNode.Text("["), tail, _rules.Space, GrammarNode.Text("]"));
    }

    // What stands behind the prefix, its first comma included.
    private GrammarNode CompileItems(Schema schema, int most, int depth)
    {
        int prefix = schema.Prefix.Count;
        int least = Math.Max(0, schema.MinItems - prefix);
        int? rest = schema.MaxItems is null ? null : Math.Max(0, most - prefix);
        if (schema.Items is { IsNothing: true })
            rest = 0;
        if (rest < least)
            return GrammarNode.Never;
        if (rest == 0)
            return GrammarNode.Empty;
        GrammarNode item = _rules.Builder.Define("item", Compile(schema.Items ?? Schema.Any, depth));
        GrammarNode next = GrammarNode.Sequence(_rules.Comma, item);
        if (prefix > 0)
            return GrammarNode.Repeat(next, least, rest);
        GrammarNode all = GrammarNode.Sequence(_rules.Space, item, GrammarNode.Repeat(next, Math.Max(0, least - 1), rest - 1));
        return least == 0 ? GrammarNode.Optional(all) : all;
    }

    private GrammarNode CompileValues(Schema schema, IReadOnlyList<JsonElement> values, int depth)
    {
        CharDfa? texts = values.Any(value => value.ValueKind == JsonValueKind.String) ? StringCompiler.Texts(schema) : null;
        List<GrammarNode> valid = [];
        foreach (JsonElement value in values)
        {
            JsonTypes type = JsonValues.TypeOf(value);
            _rules.Builder.Spend(value.GetRawText().Length);
            if (schema.Types.HasFlag(type) && IsValid(value, type, schema, texts) && JsonValues.Depth(value) <= depth)
                valid.Add(JsonText.Value(value, _rules.Space));
        }
        return GrammarNode.Choice(valid);
    }

    private static bool IsValid(JsonElement value, JsonTypes type, Schema schema, CharDfa? texts)
    {
        switch (type)
        {
            case JsonTypes.String:
                return texts?.Contains(JsonShape.Text(value.GetString()!, schema.Path)) ?? true;
            case JsonTypes.Integer or JsonTypes.Fraction:
                return schema is { Least: null, Most: null, MultiplesOf: [] }
                    || NumberCompiler.IsValid(JsonShape.Number(value, schema.Path), schema);
            case JsonTypes.Array or JsonTypes.Object:
                JsonValues.CheckTexts(value, schema.Path);
                if (!(schema with { Values = null, Types = JsonTypes.All }).IsAny)
                    throw new GrammarException("Listed arrays and objects can't be joined with other conditions.", schema.Path);
                return true;
            default:
                return true;
        }
    }
}
