namespace LlamaHost.Grammars.Schemas;

/// <summary>The rules that all schemas of a grammar share: white space, characters, free JSON by its depth.</summary>
internal sealed class JsonRules(GrammarBuilder builder)
{
    private readonly Dictionary<(JsonTypes, int), GrammarNode> _free = [];

    public GrammarBuilder Builder { get; } = builder;

    public GrammarNode Space { get; } = builder.Define("space", JsonText.Space);

    public GrammarNode Character { get; } = builder.Define("character", JsonText.AnyCharacter);

    /// <summary>A comma between items, with its white space.</summary>
    public GrammarNode Comma => GrammarNode.Sequence(GrammarNode.Text(","), Space);

    /// <summary>Any value of a type.</summary>
    /// <param name="type">One type.</param>
    /// <param name="depth">How deep arrays and objects may still nest.</param>
    public GrammarNode Free(JsonTypes type, int depth)
    {
        bool nests = type is JsonTypes.Array or JsonTypes.Object;
        if (nests && depth == 0)
            return GrammarNode.Never;
        (JsonTypes, int) key = (type, nests ? depth : 0);
        if (!_free.TryGetValue(key, out GrammarNode? rule))
            _free.Add(key, rule = Builder.Define(type.ToString().ToLowerInvariant(), Make(type, depth)));
        return rule;
    }

    /// <summary>Any value.</summary>
    public GrammarNode Any(int depth) => GrammarNode.Choice(
        ((JsonTypes[])[JsonTypes.Null, JsonTypes.Boolean, JsonTypes.Number, JsonTypes.String, JsonTypes.Array, JsonTypes.Object])
            .Select(type => Free(type, depth)));

    private GrammarNode Make(JsonTypes type, int depth)
    {
        switch (type)
        {
            case JsonTypes.Null:
                return GrammarNode.Text("null");
            case JsonTypes.Boolean:
                return GrammarNode.Choice(GrammarNode.Text("true"), GrammarNode.Text("false"));
            case JsonTypes.Integer or JsonTypes.Number:
                return NumberCompiler.Compile(new Schema { Types = type }, Builder);
            case JsonTypes.String:
                return StringCompiler.Quoted(GrammarNode.Repeat(Character, 0, null));
            case JsonTypes.Array:
                return Listed("[", Any(depth - 1), "]");
            default:
                return Listed("{", GrammarNode.Sequence(Free(JsonTypes.String, 0), GrammarNode.Text(":"), Space, Any(depth - 1)), "}");
        }
    }

    private GrammarNode Listed(string open, GrammarNode item, string close)
    {
        GrammarNode rule = Builder.Define("item", item);
        return GrammarNode.Sequence(
            GrammarNode.Text(open),
            GrammarNode.Optional(GrammarNode.Sequence(Space, rule, GrammarNode.Repeat(GrammarNode.Sequence(Comma, rule), 0, null))),
            Space,
            GrammarNode.Text(close));
    }
}
