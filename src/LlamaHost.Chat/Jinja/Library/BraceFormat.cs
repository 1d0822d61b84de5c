using System.Globalization;
using System.Text.RegularExpressions;
using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>Python's <c>str.format</c>.</summary>
internal static partial class BraceFormat
{
    public static Text Apply(Rendering rendering, Text format, Arguments arguments)
    {
        TextBuilder output = rendering.NewText();
        int next = 0;
        int start = 0;
        foreach (Match match in Fields().Matches(format.Value))
        {
            output.Append(format.Slice(start, match.Index - start));
            start = match.Index + match.Length;
            if (match.Value is "{{" or "}}")
                output.Append(format.Slice(match.Index, 1));
            else if (!match.Groups["field"].Success)
                throw new ChatTemplateException($"Single '{match.Value}' encountered in format string");
            else
                AppendField(rendering, output, arguments, match, ref next);
        }
        return output.Append(format.Slice(start)).ToText();
    }

    private static void AppendField(Rendering rendering, TextBuilder output, Arguments arguments, Match match, ref int next)
    {
        string name = match.Groups["name"].Value;
        object? value;
        if (name.Length == 0 || char.IsAsciiDigit(name[0]))
        {
            int index = name.Length == 0 ? next++ : int.Parse(name, CultureInfo.InvariantCulture);
            value = index < arguments.Count
                ? arguments.Positional[index]
                : throw new ChatTemplateException($"Replacement index {index} out of range for positional args tuple");
        }
        else if (!arguments.Named.TryGetValue(name, out value))
        {
            throw new ChatTemplateException(Describe.Quoted(name));
        }
        foreach (Capture part in match.Groups["part"].Captures)
        {
            value = part.Value[0] == '.'
                ? Members.GetAttribute(rendering, value, part.Value[1..])
                : Members.GetItem(rendering, value, Index(part.Value[1..^1]));
        }
        if (match.Groups["conversion"].Value is "r" or "a")
        {
            TextBuilder repr = rendering.NewText();
            Describe.AppendRepr(rendering, repr, value);
            value = repr.ToText();
        }
        else if (match.Groups["conversion"].Value == "s")
        {
            value = Describe.Str(rendering, value);
        }
        AppendFormatted(rendering, output, value, match.Groups["spec"].Value);
    }

    private static object Index(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long index) ? index : Text.OfTemplate(text);

    private static void AppendFormatted(Rendering rendering, TextBuilder output, object? value, string spec)
    {
        Match match = Specs().Match(spec);
        if (!match.Success)
            throw new ChatTemplateException($"Invalid format specifier '{spec}'");
        int? precision = match.Groups["precision"].Success ? int.Parse(match.Groups["precision"].Value, CultureInfo.InvariantCulture) : null;
        bool isNumber = value is long or double || value is bool && match.Groups["type"].Value is not ("" or "s");
        Text text = isNumber && spec.Length > 0 ? Text.OfTemplate(Number(value!, match, precision)) : Describe.Str(rendering, value);
        if (!isNumber && precision < text.CodePoints)
            text = text.Slice(0, text.OffsetOf(precision.Value));
        int width = match.Groups["width"].Success ? int.Parse(match.Groups["width"].Value, CultureInfo.InvariantCulture) : 0;
        int missing = Math.Max(width - text.CodePoints, 0);
        rendering.Budget.Charge(missing);
        bool fillsZeros = match.Groups["zero"].Value == "0" && match.Groups["align"].Length == 0;
        string fill = match.Groups["fill"].Success ? match.Groups["fill"].Value : fillsZeros ? "0" : " ";
        char align = match.Groups["align"].Value is [char one] ? one : fillsZeros && isNumber ? '=' : isNumber ? '>' : '<';
        int sign = align == '=' && text.Value is ['+' or '-' or ' ', ..] ? 1 : 0;
        int before = align switch { '<' => 0, '^' => missing / 2, _ => missing };
        output.Append(text.Slice(0, sign)).Append(Repeat(fill, before)).Append(text.Slice(sign)).Append(Repeat(fill, missing - before));
    }

    private static string Number(object value, Match spec, int? precision)
    {
        char type = spec.Groups["type"].Value is [char one] ? one : value is double && precision is null ? 'r' : value is double ? 'g' : 'd';
        string text = type == 'r' && value is double number
            ? FloatFormat.Repr(number)
            : NumberFormat.Write(value, type, precision, spec.Groups["prefix"].Length > 0, spec.Groups["group"].Length > 0);
        return text[0] != '-' && spec.Groups["sign"].Value is "+" or " " ? spec.Groups["sign"].Value + text : text;
    }

    private static string Repeat(string fill, int count) => string.Concat(Enumerable.Repeat(fill, count));

    [GeneratedRegex(
        @"{{|}}|(?<field>{(?<name>\w*)(?<part>\.\w+|\[[^\]]*\])*(?:!(?<conversion>[rsa]))?(?::(?<spec>[^{}]*))?})|[{}]")]
    private static partial Regex Fields();

    [GeneratedRegex(
        @"^(?:(?<fill>.)(?=[<>=^]))?(?<align>[<>=^])?(?<sign>[-+ ])?(?<prefix>\#)?(?<zero>0)?(?<width>\d{1,6})?(?<group>[,_])?"
        + @"(?:\.(?<precision>\d{1,6}))?(?<type>[a-zA-Z%])?$", RegexOptions.Singleline)]
    private static partial Regex Specs();
}
