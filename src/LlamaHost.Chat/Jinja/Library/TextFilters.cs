using System.Text.RegularExpressions;
using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>Filters that make text of text.</summary>
internal static partial class TextFilters
{
    public static object? Join(Arguments arguments)
    {
        Rendering rendering = arguments.Rendering;
        TextBuilder joined = rendering.NewText();
        bool isFirst = true;
        foreach (object? item in Iteration.Of(arguments[0, "value"]))
        {
            if (!isFirst)
                Describe.AppendStr(rendering, joined, arguments.Get(1, "d", Text.Empty));
            isFirst = false;
            Describe.AppendStr(rendering, joined, SelectFilters.Part(rendering, item, arguments.Get(2, "attribute")));
        }
        return joined.ToText();
    }

    public static object? Replace(Arguments arguments)
    {
        object? count = arguments.Get(3, "count");
        return TextParts.Replace(
            arguments.Rendering, TextOf(arguments), Describe.Str(arguments.Rendering, arguments[1, "old"]),
            Describe.Str(arguments.Rendering, arguments[2, "new"]), count is null ? -1 : Operators.ToInt(count));
    }

    public static object? Indent(Arguments arguments)
    {
        Rendering rendering = arguments.Rendering;
        Text indention = arguments.Get(1, "width", 4L) is Text given ? given : Spaces(rendering, arguments.Int(1, "width", 4));
        // Jinja ends the text with one line break more, so that an empty last line is one, too.
        List<Text> lines = [.. TextParts.Lines(rendering.NewText().Append(TextOf(arguments)).Append("\n").ToText())];
        bool indentsBlank = arguments.IsSet(3, "blank");
        TextBuilder indented = rendering.NewText();
        for (int i = 0; i < lines.Count; i++)
        {
            if (i > 0)
                indented.Append("\n");
            if (i > 0 ? indentsBlank || lines[i].Length > 0 : arguments.IsSet(2, "first"))
                indented.Append(indention);
            indented.Append(lines[i]);
        }
        return indented.ToText();
    }

    public static object? Title(Arguments arguments)
    {
        Text text = TextOf(arguments);
        arguments.Rendering.Budget.Charge(text.Length);
        return text.Map(value => WordsOfTitles().Replace(value, word => TextCase.Upper(word.Value[..1]) + TextCase.Lower(word.Value[1..])));
    }

    public static object? Truncate(Arguments arguments)
    {
        Text text = TextOf(arguments);
        int length = arguments.Int(1, "length", 255);
        Text end = arguments.Get(3, "end") is Text given ? given : Text.OfTemplate("...");
        int leeway = arguments.Int(4, "leeway", 5);
        if (length < end.Length || leeway < 0)
            throw new ChatTemplateException($"expected length >= {end.Length}, got {length}");
        if (text.CodePoints <= length + leeway)
            return text;
        Text kept = text.Slice(0, text.OffsetOf(length - end.CodePoints));
        int space = kept.Value.LastIndexOf(' ');
        if (!arguments.IsSet(2, "killwords") && space >= 0)
            kept = kept.Slice(0, space);
        return arguments.Rendering.NewText().Append(kept).Append(end).ToText();
    }

    public static object? Center(Arguments arguments)
    {
        Arguments width = new(arguments.Rendering, [(long)arguments.Int(1, "width", 80)], Arguments.NoNames);
        return TextCase.Pad(arguments.Rendering, TextOf(arguments), width, "center");
    }

    public static object? Format(Arguments arguments)
    {
        object? values = arguments.Named.Count == 0 ? Sequence.Tuple(arguments.Positional.Skip(1)) : ToDict(arguments.Named);
        return PercentFormat.Apply(arguments.Rendering, TextOf(arguments), values);
    }

    public static object? StripTags(Arguments arguments)
    {
        // Each beginning of a comment is looked at to the text's end.
        arguments.Rendering.Budget.ChargeSearch(TextOf(arguments).Length, TextOf(arguments).Value.AsSpan().Count('<'));
        string stripped = Tags().Replace(TextOf(arguments).Value, "");
        return Text.OfData(string.Join(' ', stripped.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    public static object? UrlEncode(Arguments arguments)
    {
        if (arguments[0, "value"] is Text or long or double or bool or null)
            return TextOf(arguments).Map(value => Encode(value, keepsSlash: true));
        IReadOnlyList<object?> pairs = arguments[0, "value"] is Dict dict ? DictMethods.Items(dict).Items : Iteration.Of(arguments[0, "value"]);
        return Text.OfData(string.Join('&', pairs.Select(pair => string.Join('=', Iteration.Of(pair).Select(
            part => Encode(Describe.Str(arguments.Rendering, part).Value, keepsSlash: false).Replace("%20", "+", StringComparison.Ordinal))))));
    }

    public static object? WordCount(Arguments arguments) => (long)Words().Count(TextOf(arguments).Value);

    public static object? WordWrap(Arguments arguments)
    {
        Rendering rendering = arguments.Rendering;
        int width = arguments.Int(1, "width", 79);
        Text end = arguments.Get(3, "wrapstring") is Text given ? given : Text.OfTemplate("\n");
        TextBuilder wrapped = rendering.NewText();
        string separator = "";
        foreach (Text line in TextParts.Lines(TextOf(arguments)))
        {
            int column = 0;
            wrapped.Append(separator);
            separator = end.Value;
            foreach (object? word in TextParts.Split(rendering, line, null, -1).Items)
            {
                var text = (Text)word!;
                if (column > 0 && column + 1 + text.CodePoints > width)
                {
                    wrapped.Append(end);
                    column = 0;
                }
                wrapped.Append(column > 0 ? " " : "").Append(text);
                column += text.CodePoints + (column > 0 ? 1 : 0);
            }
        }
        return wrapped.ToText();
    }

    public static object? PrettyPrint(Arguments arguments)
    {
        TextBuilder text = arguments.Rendering.NewText();
        Describe.AppendRepr(arguments.Rendering, text, arguments[0, "value"]);
        return text.ToText();
    }

    private static Text TextOf(Arguments arguments) => Describe.Str(arguments.Rendering, arguments[0, "s"]);

    private static Text Spaces(Rendering rendering, int count)
    {
        rendering.Budget.Charge(Math.Max(count, 0));
        return Text.OfTemplate(new string(' ', Math.Max(count, 0)));
    }

    private static Dict ToDict(IReadOnlyDictionary<string, object?> named)
    {
        Dict dict = new();
        foreach ((string name, object? value) in named)
            dict.Set(name, value);
        return dict;
    }

    private static string Encode(string value, bool keepsSlash)
    {
        string encoded = Uri.EscapeDataString(value);
        return keepsSlash ? encoded.Replace("%2F", "/", StringComparison.Ordinal) : encoded;
    }

    // A capital comes after white space, hyphens and opening brackets, not after apostrophes.
    [GeneratedRegex(@"[^-\s({\[<]+")]
    private static partial Regex WordsOfTitles();

    [GeneratedRegex("<!--.*?-->|<[^>]*>", RegexOptions.Singleline)]
    private static partial Regex Tags();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
