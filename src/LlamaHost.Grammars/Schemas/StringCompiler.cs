using LlamaHost.Grammars.Automata;

namespace LlamaHost.Grammars.Schemas;

/// <summary>Strings as parts of a grammar.</summary>
internal static class StringCompiler
{
    /// <summary>The strings that a schema lets through, with their quotation marks.</summary>
    public static GrammarNode Compile(Schema schema, JsonRules rules)
    {
        if (schema.MaxLength < schema.MinLength)
            return GrammarNode.Never;
        bool isBounded = schema.MinLength > 0 || schema.MaxLength is not null;
        GrammarNode text = schema.Texts switch
        {
            [] when !isBounded => GrammarNode.Repeat(rules.Character, 0, null),
            [] => GrammarNode.Repeat(rules.Character, schema.MinLength, schema.MaxLength),
            // One condition alone need not become a deterministic automaton, which may be large.
            [var only] when !isBounded => Write(only),
            _ => Texts(schema)!.ToNode(rules.Builder, "text", JsonText.Character),
        };
        return Quoted(text);
    }

    /// <summary>All conditions on a string as an automaton; <see langword="null"/>: there are none.</summary>
    public static CharDfa? Texts(Schema schema)
    {
        List<GrammarNode> conditions = [.. schema.Texts];
        if (schema.MinLength > 0 || schema.MaxLength is not null)
            conditions.Add(GrammarNode.Repeat(GrammarNode.Of(CharSet.Any), schema.MinLength, schema.MaxLength));
        try
        {
            return conditions.Count == 0 ? null : conditions.Select(CharDfa.Of).Aggregate((one, other) => one.And(other));
        }
        catch (GrammarException exception)
        {
            throw new GrammarException(exception.Message, schema.Path);
        }
    }

    /// <summary>A text between quotation marks.</summary>
    public static GrammarNode Quoted(GrammarNode text) => GrammarNode.Sequence(GrammarNode.Text("\""), text, GrammarNode.Text("\""));

    // The same, with each character as JSON writes it.
    private static GrammarNode Write(GrammarNode node) => node switch
    {
        TextNode text => GrammarNode.Text(JsonText.Quote(text.Value)[1..^1]),
        CharNode characters => JsonText.Character(characters.Characters),
        SequenceNode sequence => GrammarNode.Sequence(sequence.Parts.Select(Write)),
        ChoiceNode choice => GrammarNode.Choice(choice.Options.Select(Write)),
        RepeatNode repeat => GrammarNode.Repeat(Write(repeat.Part), repeat.Least, repeat.Most),
        _ => node,
    };
}
