using System.Globalization;
using System.Text;

namespace LlamaHost.Chat.Jinja.Values;

/// <summary>How values look and count in Python: <c>str</c>, <c>repr</c>, truth, names of types.</summary>
internal static class Describe
{
    public static bool IsTrue(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        Text text => text.Length > 0,
        Sequence sequence => !sequence.HasLength || sequence.Count > 0,
        Dict dict => dict.Count > 0,
        _ => true,
    };

    public static string TypeOf(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        long => "int",
        double => "float",
        Text => "str",
        Sequence sequence => sequence.TypeName,
        Dict => "dict",
        Undefined => "Undefined",
        Namespace => "Namespace",
        LoopContext => "LoopContext",
        _ => "function",
    };

    /// <summary>A value's type as messages about missing attributes name it.</summary>
    public static string OwnerOf(object? value) => value is null ? "None" : TypeOf(value) + " object";

    /// <summary>Python's <c>str(value)</c>.</summary>
    public static Text Str(Rendering rendering, object? value)
    {
        if (value is Text text)
            return text;
        TextBuilder builder = rendering.NewText();
        AppendStr(rendering, builder, value);
        return builder.ToText();
    }

    public static void AppendStr(Rendering rendering, TextBuilder output, object? value)
    {
        switch (value)
        {
            case Text text:
                output.Append(text);
                break;
            case Undefined:
                break;
            default:
                AppendRepr(rendering, output, value);
                break;
        }
    }

    /// <summary>Python's <c>repr(value)</c>.</summary>
    public static void AppendRepr(Rendering rendering, TextBuilder output, object? value)
    {
        rendering.Budget.Step();
        switch (value)
        {
            case Text text:
                AppendQuoted(output, text);
                break;
            case Sequence { Kind: SequenceKind.Range } range:
                output.Append(RangeRepr(range));
                break;
            case Sequence { Kind: SequenceKind.List } list:
                AppendItems(rendering, output, "[", list.Items, "]");
                break;
            case Sequence { Kind: SequenceKind.Tuple } tuple:
                AppendItems(rendering, output, "(", tuple.Items, tuple.Count == 1 ? ",)" : ")");
                break;
            case Sequence { Kind: SequenceKind.Generator }:
                output.Append("<generator object>");
                break;
            case Sequence view:
                AppendItems(rendering, output, view.TypeName + "([", view.Items, "])");
                break;
            case Dict dict:
                AppendDict(rendering, output, dict);
                break;
            case Namespace space:
                output.Append("<Namespace ");
                AppendDict(rendering, output, space.Attributes);
                output.Append(">");
                break;
            default:
                output.Append(ReprString(value));
                break;
        }
    }

    /// <summary><c>repr</c> of a value without parts.</summary>
    public static string ReprString(object? value) => value switch
    {
        null => "None",
        bool flag => flag ? "True" : "False",
        long number => number.ToString(CultureInfo.InvariantCulture),
        double number => FloatFormat.Repr(number),
        Text text => Quoted(text.Value),
        Undefined => "Undefined",
        Function function => $"<function {function.Name}>",
        Macro macro => $"<Macro '{macro.Name}'>",
        _ => $"<{TypeOf(value)}>",
    };

    public static string Quoted(string text)
    {
        StringBuilder quoted = new();
        char quote = QuoteFor(text);
        quoted.Append(quote);
        foreach (char c in text)
            quoted.Append(Escaped(c, quote));
        return quoted.Append(quote).ToString();
    }

    private static void AppendQuoted(TextBuilder output, Text text)
    {
        char quote = QuoteFor(text.Value);
        output.Append(quote.ToString());
        for (int i = 0; i < text.Length; i++)
            output.Append(Escaped(text.Value[i], quote), text.IsData(i));
        output.Append(quote.ToString());
    }

    private static char QuoteFor(string text) => text.Contains('\'') && !text.Contains('"') ? '"' : '\'';

    private static string Escaped(char c, char quote) => c switch
    {
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ when c == quote => "\\" + c,
        _ when c < ' ' || c is >= '\x7f' and <= '\xa0' or '\xad' => $"\\x{(int)c:x2}",
        _ when char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned && c != ' ' => $"\\u{(int)c:x4}",
        _ => c.ToString(),
    };

    private static void AppendItems(Rendering rendering, TextBuilder output, string open, IReadOnlyList<object?> items, string close)
    {
        output.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0)
                output.Append(", ");
            AppendRepr(rendering, output, items[i]);
        }
        output.Append(close);
    }

    private static void AppendDict(Rendering rendering, TextBuilder output, Dict dict)
    {
        output.Append("{");
        string separator = "";
        foreach ((object? key, object? value) in dict.Entries)
        {
            output.Append(separator);
            separator = ", ";
            AppendRepr(rendering, output, key);
            output.Append(": ");
            AppendRepr(rendering, output, value);
        }
        output.Append("}");
    }

    private static string RangeRepr(Sequence range)
    {
        if (range.Count == 0)
            return "range(0, 0)";
        long first = (long)range.Items[0]!;
        long last = (long)range.Items[^1]!;
        long step = range.Count > 1 ? (long)range.Items[1]! - first : 1;
        return step == 1 ? $"range({first}, {last + 1})" : $"range({first}, {last + step}, {step})";
    }
}
