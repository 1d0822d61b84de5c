using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LlamaHost.Grammars.Schemas;

/// <summary>JSON's notation as parts of a grammar. White space is bounded, so that nothing can be filled up with it.</summary>
internal static class JsonText
{
    private const int MostIndentation = 20;
    private const string ShortEscapes = "\"\\\b\f\n\r\t";

    /// <summary>Characters that stand in a JSON string as they are.</summary>
    public static CharSet Plain { get; } = CharSet.Any.Except(CharSet.Range(0, 0x1F)).Except(CharSet.AnyOf("\"\\"));

    /// <summary>White space between tokens: none, a space, or a new line with its indentation.</summary>
    public static GrammarNode Space { get; } = GrammarNode.Choice(
        GrammarNode.Empty,
        GrammarNode.Text(" "),
        GrammarNode.Sequence(GrammarNode.Text("\n"), GrammarNode.Repeat(GrammarNode.Of(CharSet.AnyOf(" \t")), 0, MostIndentation)));

    /// <summary>Any character of a string, in every notation. Halves of surrogate pairs come together.</summary>
    public static GrammarNode AnyCharacter { get; } = GrammarNode.Choice(
        GrammarNode.Of(Plain),
        GrammarNode.Sequence(GrammarNode.Text("\\"), GrammarNode.Of(CharSet.AnyOf("\"\\/bfnrt"))),
        GrammarNode.Sequence(GrammarNode.Text("\\u"), GrammarNode.Of(CharSet.AnyOf("0123456789ABCEFabcef")), Hex(3)),
        GrammarNode.Sequence(GrammarNode.Text("\\u"), GrammarNode.Of(CharSet.AnyOf("Dd")), GrammarNode.Of(CharSet.Range('0', '7')), Hex(2)),
        GrammarNode.Sequence(
            Escape("Dd", "89ABab"), Hex(2), Escape("Dd", "CDEFcdef"), Hex(2)));

    /// <summary>One character of a set, as JSON writers write it: as it is, or with the escape that it needs.</summary>
    public static GrammarNode Character(CharSet characters)
    {
        List<GrammarNode> ways = [];
        CharSet plain = characters.And(Plain);
        if (!plain.IsEmpty)
            ways.Add(GrammarNode.Of(plain));
        foreach ((int first, int last) in characters.Except(Plain).Ranges)
        {
            for (int codePoint = first; codePoint <= last; codePoint++)
                ways.AddRange(Escapes(codePoint).Select(GrammarNode.Text));
        }
        return GrammarNode.Choice(ways);
    }

    /// <summary>A string with its quotation marks.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (Rune rune in text.EnumerateRunes())
            quoted.Append(Plain.Contains(rune.Value) ? rune.ToString() : Escapes(rune.Value).First());
        return quoted.Append('"').ToString();
    }

    /// <summary>A value as JSON writers write it, with any of the white space.</summary>
    public static GrammarNode Value(JsonElement value, GrammarNode space) => value.ValueKind switch
    {
        JsonValueKind.String => GrammarNode.Text(Quote(value.GetString()!)),
        JsonValueKind.Array => List(
            "[", "]", [.. value.EnumerateArray().Select(item => Value(item, space))], space),
        JsonValueKind.Object => List(
            "{", "}",
            [.. value.EnumerateObject().Select(one =>
                GrammarNode.Sequence(GrammarNode.Text(Quote(one.Name) + ":"), space, Value(one.Value, space)))],
            space),
        _ => GrammarNode.Text(value.GetRawText()),
    };

    private static GrammarNode List(string open, string close, GrammarNode[] items, GrammarNode space)
    {
        List<GrammarNode> parts = [GrammarNode.Text(open)];
        foreach (GrammarNode item in items)
        {
            if (parts.Count > 1)
                parts.Add(GrammarNode.Text(","));
            parts.AddRange([space, item]);
        }
        return GrammarNode.Sequence([.. parts, space, GrammarNode.Text(close)]);
    }

    private static IEnumerable<string> Escapes(int codePoint)
    {
        int place = ShortEscapes.IndexOf((char)codePoint, StringComparison.Ordinal);
        if (place >= 0)
            return ["\\" + "\"\\bfnrt"[place]];
        return ((string[])[codePoint.ToString("x4", CultureInfo.InvariantCulture), codePoint.ToString("X4", CultureInfo.InvariantCulture)])
            .Distinct().Select(digits => "\\u" + digits);
    }

    private static GrammarNode Hex(int digits) => GrammarNode.Repeat(GrammarNode.Of(CharSet.AnyOf("0123456789ABCDEFabcdef")), digits, digits);

    private static GrammarNode Escape(string first, string second) =>
        GrammarNode.Sequence(GrammarNode.Text("\\u"), GrammarNode.Of(CharSet.AnyOf(first)), GrammarNode.Of(CharSet.AnyOf(second)));
}
