using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>The methods of Python's <c>str</c>.</summary>
internal static class TextMethods
{
    /// <summary>A method of a text, or null if there is none of that name.</summary>
    public static Func<Arguments, object?>? Find(Text text, string name) => name switch
    {
        "strip" => arguments => TextParts.Strip(arguments.Rendering, text, arguments.Get(0, "chars"), true, true),
        "lstrip" => arguments => TextParts.Strip(arguments.Rendering, text, arguments.Get(0, "chars"), true, false),
        "rstrip" => arguments => TextParts.Strip(arguments.Rendering, text, arguments.Get(0, "chars"), false, true),
        "split" => arguments => TextParts.Split(arguments.Rendering, text, arguments.Get(0, "sep"), arguments.Int(1, "maxsplit", -1)),
        "rsplit" => arguments => TextParts.SplitFromEnd(arguments.Rendering, text, arguments.Get(0, "sep"), arguments.Int(1, "maxsplit", -1)),
        "splitlines" => arguments => Sequence.List(TextParts.Lines(text, arguments.IsSet(0, "keepends"))),
        "partition" => arguments => TextParts.Partition(arguments.Rendering, text, arguments.Text(0, "sep"), fromEnd: false),
        "rpartition" => arguments => TextParts.Partition(arguments.Rendering, text, arguments.Text(0, "sep"), fromEnd: true),
        "replace" => arguments => TextParts.Replace(
            arguments.Rendering, text, arguments.Text(0, "old"), arguments.Text(1, "new"), arguments.Int(2, "count", -1)),
        "removeprefix" => arguments => text.Value.StartsWith(arguments.Text(0, "prefix").Value, StringComparison.Ordinal)
            ? text.Slice(arguments.Text(0, "prefix").Length) : text,
        "removesuffix" => arguments => text.Value.EndsWith(arguments.Text(0, "suffix").Value, StringComparison.Ordinal)
            ? text.Slice(0, text.Length - arguments.Text(0, "suffix").Length) : text,
        "upper" or "lower" or "casefold" or "swapcase" or "title" or "capitalize" => arguments => TextCase.Change(arguments.Rendering, text, name),
        "startswith" or "endswith" => arguments => StartsOrEnds(text, arguments, name == "startswith"),
        "find" or "rfind" or "index" or "rindex" => arguments => Find(text, arguments, name),
        "count" => arguments => Count(arguments.Rendering, text, arguments.Text(0, "sub")),
        "join" => arguments => Join(arguments.Rendering, text, arguments[0, "iterable"]),
        "format" => arguments => BraceFormat.Apply(arguments.Rendering, text, arguments),
        "zfill" or "ljust" or "rjust" or "center" => arguments => TextCase.Pad(arguments.Rendering, text, arguments, name),
        "expandtabs" => arguments => TextParts.ExpandTabs(arguments.Rendering, text, Math.Clamp(arguments.Int(0, "tabsize", 8), 0, 64)),
        "isalpha" or "isdigit" or "isdecimal" or "isnumeric" or "isalnum" or "isspace" or "isupper" or "islower" or "istitle" or "isascii"
            or "isidentifier" or "isprintable" => arguments => TextCase.Is(text.Value, name),
        "encode" or "format_map" or "maketrans" or "translate" => _ => throw new ChatTemplateException($"str.{name} is not supported"),
        _ => null,
    };

    /// <summary>Python's <c>sep.join(items)</c>.</summary>
    public static Text Join(Rendering rendering, Text separator, object? items)
    {
        TextBuilder joined = rendering.NewText();
        int count = 0;
        foreach (object? item in Iteration.Of(items))
        {
            if (count++ > 0)
                joined.Append(separator);
            joined.Append(item as Text
                ?? throw new ChatTemplateException($"sequence item {count - 1}: expected str instance, {Describe.TypeOf(item)} found"));
        }
        return joined.ToText();
    }

    private static bool StartsOrEnds(Text text, Arguments arguments, bool atStart)
    {
        (int from, int to) = Window(text, arguments);
        if (to < from)
            return false;
        string part = text.Value[from..to];
        object? wanted = arguments[0, "prefix"];
        IEnumerable<object?> all = wanted is Sequence { Kind: SequenceKind.Tuple } tuple ? tuple.Items : [wanted];
        return all.Any(one => one is Text affix
            ? atStart ? part.StartsWith(affix.Value, StringComparison.Ordinal) : part.EndsWith(affix.Value, StringComparison.Ordinal)
            : throw new ChatTemplateException(
                $"{(atStart ? "startswith" : "endswith")} first arg must be str or a tuple of str, not {Describe.TypeOf(one)}"));
    }

    private static long Find(Text text, Arguments arguments, string name)
    {
        (int from, int to) = Window(text, arguments);
        string wanted = arguments.Text(0, "sub").Value;
        int found = -1;
        if (from <= to)
        {
            string part = text.Value[from..to];
            arguments.Rendering.Budget.ChargeSearch(part.Length, wanted.Length);
            found = name[0] == 'r' ? part.LastIndexOf(wanted, StringComparison.Ordinal) : part.IndexOf(wanted, StringComparison.Ordinal);
        }
        if (found >= 0)
            return text.CodePointsBefore(from + found);
        return name.EndsWith("index", StringComparison.Ordinal) ? throw new ChatTemplateException("substring not found") : -1L;
    }

    // Start and end as str methods take them, in UTF-16 units.
    private static (int From, int To) Window(Text text, Arguments arguments)
    {
        int count = text.CodePoints;
        return (text.OffsetOf(Bound(arguments.Int(1, "start", 0))), text.OffsetOf(Math.Min(Bound(arguments.Int(2, "end", count)), count)));

        int Bound(int value) => value < 0 ? Math.Max(value + count, 0) : Math.Min(value, count + 1);
    }

    private static long Count(Rendering rendering, Text text, Text part)
    {
        rendering.Budget.ChargeSearch(text.Length, part.Length);
        return part.Length == 0 ? text.CodePoints + 1L : text.Value.AsSpan().Count(part.Value);
    }
}
