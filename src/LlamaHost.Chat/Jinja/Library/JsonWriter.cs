using System.Globalization;
using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>Python's <c>json.dumps</c>, as transformers' <c>tojson</c> calls it: nothing is escaped that JSON doesn't require.</summary>
internal sealed class JsonWriter
{
    private readonly Rendering _rendering;
    private readonly TextBuilder _output;
    private readonly bool _isAscii;
    private readonly bool _sortsKeys;
    private readonly Text? _indent;
    private readonly Text _itemSeparator;
    private readonly Text _keySeparator;

    private JsonWriter(Arguments arguments)
    {
        _rendering = arguments.Rendering;
        _output = _rendering.NewText();
        _isAscii = arguments.IsSet(1, "ensure_ascii");
        _indent = arguments.Get(2, "indent") switch
        {
            null => null,
            Text text => text,
            var width => Text.OfTemplate(new string(' ', Math.Clamp(Operators.ToInt(width), 0, 1000))),
        };
        _sortsKeys = arguments.IsSet(4, "sort_keys");
        _itemSeparator = Text.OfTemplate(_indent is null ? ", " : ",");
        _keySeparator = Text.OfTemplate(": ");
        if (arguments.Get(3, "separators") is { } separators)
        {
            if (Iteration.Of(separators) is not [Text item, Text key])
                throw new ChatTemplateException("separators must be two strings");
            _itemSeparator = item;
            _keySeparator = key;
        }
    }

    public static object? ToJson(Arguments arguments)
    {
        var writer = new JsonWriter(arguments);
        writer.Write(arguments[0, "x"], 0);
        return writer._output.ToText();
    }

    private void Write(object? value, int depth)
    {
        _rendering.Budget.Step();
        switch (value)
        {
            case null:
                _output.Append("null");
                break;
            case bool flag:
                _output.Append(flag ? "true" : "false");
                break;
            case long or double:
                _output.Append(Number(value));
                break;
            case Text text:
                WriteString(text);
                break;
            case Sequence { Kind: SequenceKind.List or SequenceKind.Tuple } sequence:
                WriteItems('[', sequence.Items, (item, at) => Write(item, at), ']', depth);
                break;
            case Dict dict:
                WriteItems('{', Entries(dict), (entry, at) => WriteEntry((Sequence)entry!, at), '}', depth);
                break;
            default:
                throw new ChatTemplateException($"Object of type {Describe.TypeOf(value)} is not JSON serializable");
        }
    }

    private IReadOnlyList<object?> Entries(Dict dict)
    {
        IReadOnlyList<object?> entries = DictMethods.Items(dict).Items;
        return _sortsKeys ? [.. SortFilters.Sorted(entries, entry => ((Sequence)entry!).Items[0])] : entries;
    }

    private void WriteEntry(Sequence entry, int depth)
    {
        switch (entry.Items[0])
        {
            case Text key:
                WriteString(key);
                break;
            case null or bool or long or double:
                _output.Append("\"");
                Write(entry.Items[0], depth);
                _output.Append("\"");
                break;
            default:
                throw new ChatTemplateException($"keys must be str, int, float, bool or None, not {Describe.TypeOf(entry.Items[0])}");
        }
        _output.Append(_keySeparator);
        Write(entry.Items[1], depth);
    }

    private void WriteItems(char open, IReadOnlyList<object?> items, Action<object?, int> write, char close, int depth)
    {
        _output.Append(open.ToString());
        for (int i = 0; i < items.Count; i++)
        {
            if (i > 0)
                _output.Append(_itemSeparator);
            BreakLine(depth + 1);
            write(items[i], depth + 1);
        }
        if (items.Count > 0)
            BreakLine(depth);
        _output.Append(close.ToString());
    }

    private void BreakLine(int depth)
    {
        if (_indent is null)
            return;
        _output.Append("\n");
        for (int i = 0; i < depth; i++)
            _output.Append(_indent);
    }

    private void WriteString(Text text)
    {
        _output.Append("\"");
        for (int i = 0; i < text.Length; i++)
        {
            char c = text.Value[i];
            if (c is '"' or '\\' or < ' ' || _isAscii && !char.IsAscii(c))
                _output.Append(Escaped(c), text.IsData(i));
            else
                _output.Append([c], text.IsData(i));
        }
        _output.Append("\"");
    }

    private static string Escaped(char c) => c switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\b' => "\\b",
        '\f' => "\\f",
        _ => $"\\u{(int)c:x4}",
    };

    private static string Number(object value) => value switch
    {
        double.NaN => "NaN",
        double.PositiveInfinity => "Infinity",
        double.NegativeInfinity => "-Infinity",
        double number => FloatFormat.Repr(number),
        _ => ((long)value).ToString(CultureInfo.InvariantCulture),
    };
}
