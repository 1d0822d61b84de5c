using LlamaHost.Grammars.Automata;

namespace LlamaHost.Grammars.Schemas;

/// <summary>
/// Objects as parts of a grammar: declared properties in the order in which they are declared, then others. A rule stands for what may follow from a
/// place in that order on, with so many properties written.
/// </summary>
internal sealed class ObjectCompiler(JsonRules rules, Func<Schema, int, GrammarNode> compile)
{
    private const int MostPatterns = 6;

    /// <summary>The objects that a schema lets through.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="depth">How deep arrays and objects may nest, this one included.</param>
    public GrammarNode Compile(Schema schema, int depth)
    {
        if (depth == 0)
            return GrammarNode.Never;
        GrammarNode? others = Others(schema, depth - 1);
        // Keys that are not declared may be written twice, and count once then.
        if (others is not null && schema.MinProperties > Math.Max(1, schema.Required.Count))
            throw new GrammarException(
                "minProperties is supported up to the number of required properties, unless additionalProperties is false.",
                JsonShape.Below(schema.Path, "minProperties"));
        var properties = new Properties(rules, schema, [.. Declared(schema, depth - 1)], others);
        return GrammarNode.Sequence(GrammarNode.Text("{"), properties.From(0, 0), rules.Space, GrammarNode.Text("}"));
    }

    // Name and value of each property that may be there, and whether it must.
    private IEnumerable<(GrammarNode Member, bool IsRequired)> Declared(Schema schema, int depth)
    {
        CharDfa[] patterns = [.. schema.Patterns.Select(pattern => Automaton(pattern.Keys, schema))];
        foreach (string name in Names(schema))
        {
            Schema value = schema.Property(name) ?? (patterns.Any(one => one.Contains(name)) ? Schema.Any : schema.Additional ?? Schema.Any);
            for (int i = 0; i < patterns.Length; i++)
            {
                if (patterns[i].Contains(name))
                    value = SchemaMerge.Both(value, schema.Patterns[i].Value);
            }
            bool isRequired = schema.Required.Contains(name);
            bool isAllowed = !value.IsNothing && schema.Names.All(names => NameTexts(names)?.Contains(name) ?? true);
            GrammarNode member = !isAllowed ? GrammarNode.Never
                : GrammarNode.Sequence(GrammarNode.Text(JsonText.Quote(name) + ":"), rules.Space, compile(value, depth));
            if (isAllowed || isRequired)
                yield return (member, isRequired);
        }
    }

    private static IEnumerable<string> Names(Schema schema) => schema.Properties.Select(property => property.Key).Union(schema.Required);

    // A member with a key that is not declared; null if there can't be one.
    private GrammarNode? Others(Schema schema, int depth)
    {
        if (schema.Patterns.Count > MostPatterns)
            throw new GrammarException(
                $"At most {MostPatterns} patternProperties are supported.", JsonShape.Below(schema.Path, "patternProperties"));
        if (schema.Patterns.Count == 0 && schema.Additional is { IsNothing: true })
            return null;
        CharDfa?[] names = [.. schema.Names.Select(NameTexts)];
        string[] declared = [.. Names(schema)];
        if (schema.Patterns.Count == 0 && declared.Length == 0 && names.All(one => one is null))
            return Member(rules.Free(JsonTypes.String, 0), schema.Additional ?? Schema.Any, depth);
        var allowed = CharDfa.Of(GrammarNode.Choice(declared.Select(GrammarNode.Text))).Not();
        foreach (CharDfa? one in names)
            allowed = one is null ? allowed : allowed.And(one);
        CharDfa[] patterns = [.. schema.Patterns.Select(pattern => Automaton(pattern.Keys, schema))];
        List<GrammarNode> members = [];
        // Keys by which of the patterns they match: each kind has its own values.
        for (int kind = 0; kind < 1 << patterns.Length; kind++)
        {
            Schema value = kind == 0 ? schema.Additional ?? Schema.Any : Schema.Any;
            CharDfa keys = allowed;
            for (int i = 0; i < patterns.Length; i++)
            {
                bool isMatched = ((kind >> i) & 1) != 0;
                keys = keys.And(isMatched ? patterns[i] : patterns[i].Not());
                value = isMatched ? SchemaMerge.Both(value, schema.Patterns[i].Value) : value;
            }
            if (!value.IsNothing && !keys.IsEmpty)
                members.Add(Member(StringCompiler.Quoted(keys.ToNode(rules.Builder, "key", JsonText.Character)), value, depth));
        }
        return members.Count == 0 ? null : rules.Builder.Define("member", GrammarNode.Choice(members));
    }

    private GrammarNode Member(GrammarNode key, Schema value, int depth) =>
        rules.Builder.Define("member", GrammarNode.Sequence(key, GrammarNode.Text(":"), rules.Space, compile(value, depth)));

    // What propertyNames says of keys, which are strings whatever it says of other types; null: nothing.
    private static CharDfa? NameTexts(Schema schema)
    {
        if (schema.IsNothing || !schema.Types.HasFlag(JsonTypes.String))
            return CharDfa.Of(GrammarNode.Never);
        if (schema.Groups.Count > 0 || schema.References.Count > 0)
            throw new GrammarException("propertyNames is supported with conditions on the text alone.", schema.Path);
        CharDfa? texts = StringCompiler.Texts(schema);
        if (schema.Values is not { } values)
            return texts;
        var listed = CharDfa.Of(GrammarNode.Choice(
            values.Where(value => value.ValueKind == System.Text.Json.JsonValueKind.String).Select(value => GrammarNode.Text(value.GetString()!))));
        return texts is null ? listed : listed.And(texts);
    }

    private static CharDfa Automaton(GrammarNode keys, Schema schema)
    {
        try
        {
            return CharDfa.Of(keys);
        }
        catch (GrammarException exception)
        {
            throw new GrammarException(exception.Message, JsonShape.Below(schema.Path, "patternProperties"));
        }
    }

    private sealed class Properties(JsonRules rules, Schema schema, (GrammarNode Member, bool IsRequired)[] declared, GrammarNode? others)
    {
        // Beyond this many the number written makes no difference.
        private readonly int _counted = Math.Max(1, Math.Max(schema.MinProperties, schema.MaxProperties ?? 0));
        private readonly Dictionary<(int, int), GrammarNode> _rules = [];

        /// <summary>What may follow from a declared property on.</summary>
        /// <param name="place">Its place among the declared ones.</param>
        /// <param name="written">How many were written before it.</param>
        public GrammarNode From(int place, int written)
        {
            // From the last to the first, so that nothing here goes deep.
            for (int at = declared.Length; at >= place; at--)
            {
                for (int count = 0; count <= Math.Min(at, _counted); count++)
                    _rules[(at, count)] = rules.Builder.Define("members", Make(at, count));
            }
            return _rules[(place, written)];
        }

        private GrammarNode Make(int place, int written)
        {
            if (place == declared.Length)
                return Rest(written);
            (GrammarNode member, bool isRequired) = declared[place];
            List<GrammarNode> ways = isRequired ? [] : [_rules[(place + 1, written)]];
            if (schema.MaxProperties is not { } most || written < most)
                ways.Add(GrammarNode.Sequence(Before(written), member, _rules[(place + 1, Math.Min(written + 1, _counted))]));
            return GrammarNode.Choice(ways);
        }

        private GrammarNode Rest(int written)
        {
            bool isEnough = written >= schema.MinProperties;
            int? room = schema.MaxProperties - written;
            if (others is null || room <= 0)
                return isEnough ? GrammarNode.Empty : GrammarNode.Never;
            GrammarNode next = GrammarNode.Sequence(rules.Comma, others);
            if (written > 0)
                return isEnough ? GrammarNode.Repeat(next, 0, room) : GrammarNode.Never;
            GrammarNode first = GrammarNode.Sequence(Before(0), others, GrammarNode.Repeat(next, 0, room - 1));
            return isEnough ? GrammarNode.Optional(first) : schema.MinProperties == 1 ? first : GrammarNode.Never;
        }

        private GrammarNode Before(int written) => written == 0 ? rules.Space : rules.Comma;
    }
}
