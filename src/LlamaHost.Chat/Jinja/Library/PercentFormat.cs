using System.Globalization;
using System.Text.RegularExpressions;
using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>Python's <c>format % values</c>.</summary>
internal static partial class PercentFormat
{
    public static Text Apply(Rendering rendering, Text format, object? values)
    {
        IReadOnlyList<object?> positional = values is Sequence { Kind: SequenceKind.Tuple } tuple ? tuple.Items : [values];
        TextBuilder output = rendering.NewText();
        int next = 0;
        int start = 0;
        bool usesNames = false;
        foreach (Match match in Fields().Matches(format.Value))
        {
            output.Append(format.Slice(start, match.Index - start));
            start = match.Index + match.Length;
            if (match.Groups["type"].Value == "%")
            {
                output.Append("%");
                continue;
            }
            if (match.Groups["type"].Length == 0)
                throw new ChatTemplateException("incomplete format");
            usesNames |= match.Groups["name"].Success;
            object? value = match.Groups["name"].Success ? Named(values, match.Groups["name"].Value) : Next(positional, ref next);
            if (match.Groups["width"].Value == "*")
                throw new ChatTemplateException("a width of * is not supported");
            AppendField(rendering, output, value, match);
        }
        if (!usesNames && next < positional.Count && values is not (Dict or Sequence { Kind: not SequenceKind.Tuple }))
            throw new ChatTemplateException("not all arguments converted during string formatting");
        return output.Append(format.Slice(start)).ToText();
    }

    private static object? Next(IReadOnlyList<object?> positional, ref int next) =>
        next < positional.Count ? positional[next++] : throw new ChatTemplateException("not enough arguments for format string");

    private static object? Named(object? values, string name) =>
        values is not Dict dict ? throw new ChatTemplateException("format requires a mapping")
        : dict.TryGet(name, out object? value) ? value
        : throw new ChatTemplateException(Describe.Quoted(name));

    private static void AppendField(Rendering rendering, TextBuilder output, object? value, Match match)
    {
        string flags = match.Groups["flags"].Value;
        char type = match.Groups["type"].Value[0];
        int? precision = match.Groups["precision"].Success
            ? int.Parse("0" + match.Groups["precision"].Value, CultureInfo.InvariantCulture) : null;
        Text text = Written(rendering, value, type, precision, flags);
        int width = match.Groups["width"].Length > 0 ? int.Parse(match.Groups["width"].Value, CultureInfo.InvariantCulture) : 0;
        int missing = Math.Max(width - text.CodePoints, 0);
        rendering.Budget.Charge(missing);
        if (flags.Contains('-'))
            output.Append(text).Append(new string(' ', missing));
        else if (flags.Contains('0') && type is not ('s' or 'r' or 'c' or 'a'))
            AppendZeros(output, text, missing);
        else
            output.Append(new string(' ', missing)).Append(text);
    }

    private static void AppendZeros(TextBuilder output, Text text, int missing)
    {
        int sign = text.Value is ['+' or '-' or ' ', ..] ? 1 : 0;
        output.Append(text.Slice(0, sign)).Append(new string('0', missing)).Append(text.Slice(sign));
    }

    private static Text Written(Rendering rendering, object? value, char type, int? precision, string flags)
    {
        if (type is 's' or 'c')
            return Cut(Describe.Str(rendering, value), precision);
        if (type is 'r' or 'a')
        {
            TextBuilder repr = rendering.NewText();
            Describe.AppendRepr(rendering, repr, value);
            return Cut(repr.ToText(), precision);
        }
        if (value is Undefined missing)
            throw missing.Fail();
        if (value is not (long or double or bool))
            throw new ChatTemplateException($"%{type} format: a real number is required, not {Describe.TypeOf(value)}");
        string text = NumberFormat.Write(value, type, precision, flags.Contains('#'));
        string sign = text[0] == '-' ? "" : flags.Contains('+') ? "+" : flags.Contains(' ') ? " " : "";
        return Text.OfTemplate(sign + text);
    }

    private static Text Cut(Text text, int? precision) =>
        precision < text.CodePoints ? text.Slice(0, text.OffsetOf(precision.Value)) : text;

    [GeneratedRegex(
        @"%(?:\((?<name>[^)]*)\))?(?<flags>[-+ 0\#]*)(?<width>\*|\d{0,6})(?:\.(?<precision>\d{0,6}))?[hlL]?(?<type>[diuoxXeEfFgGcrsa%])?")]
    private static partial Regex Fields();
}
