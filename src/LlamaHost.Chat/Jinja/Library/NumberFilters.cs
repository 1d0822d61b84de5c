using System.Globalization;
using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>Filters that make numbers or count with them.</summary>
internal static class NumberFilters
{
    public static object? Abs(Arguments arguments) => arguments[0, "x"] switch
    {
        long number => (object)checked(Math.Abs(number)),
        double number => Math.Abs(number),
        bool flag => flag ? 1L : 0L,
        var value => throw new ChatTemplateException($"bad operand type for abs(): '{Describe.TypeOf(value)}'"),
    };

    public static object? Int(Arguments arguments) => arguments[0, "value"] switch
    {
        long number => number,
        bool flag => flag ? 1L : 0L,
        double number when double.IsFinite(number) => checked((long)number),
        Text text => Parse(text.Value.Trim(PythonText.Whitespace.ToArray()), arguments.Int(2, "base", 10)) ?? arguments.Get(1, "default", 0L),
        Undefined missing => throw missing.Fail(),
        _ => arguments.Get(1, "default", 0L),
    };

    public static object? Float(Arguments arguments) => arguments[0, "value"] switch
    {
        double number => number,
        long number => (double)number,
        bool flag => flag ? 1.0 : 0.0,
        Text text when TryFloat(text.Value, out double number) => number,
        Undefined missing => throw missing.Fail(),
        _ => arguments.Get(1, "default", 0.0),
    };

    public static object? Round(Arguments arguments)
    {
        object? value = arguments[0, "value"];
        int digits = arguments.Int(1, "precision", 0);
        string method = (arguments.Get(2, "method") as Text)?.Value ?? "common";
        if (method is not ("common" or "ceil" or "floor"))
            throw new ChatTemplateException("method must be common, ceil or floor");
        if (value is not (long or double or bool))
            throw new ChatTemplateException($"type {Describe.TypeOf(value)} doesn't define __round__ method");
        if (method == "common")
            return value is double number ? (object)FloatFormat.Round(number, digits) : RoundWhole(Arithmetic.ToLong(value), digits);
        double scale = Math.Pow(10, digits);
        double scaled = Arithmetic.ToDouble(value) * scale;
        return (method == "ceil" ? Math.Ceiling(scaled) : Math.Floor(scaled)) / scale;
    }

    public static object? Sum(Arguments arguments)
    {
        object? sum = arguments.Get(2, "start", 0L);
        foreach (object? item in Iteration.Of(arguments[0, "iterable"]))
            sum = Operators.Apply(arguments.Rendering, "+", sum, SelectFilters.Part(arguments.Rendering, item, arguments.Get(1, "attribute")));
        return sum;
    }

    public static object? FileSize(Arguments arguments)
    {
        double bytes = arguments[0, "value"] switch
        {
            Text text when TryFloat(text.Value, out double number) => number,
            long or double or bool => Arithmetic.ToDouble(arguments[0, "value"]!),
            _ => throw new ChatTemplateException("filesizeformat needs a number"),
        };
        bool isBinary = arguments.IsSet(1, "binary");
        double unit = isBinary ? 1024 : 1000;
        if (bytes == 1)
            return Text.OfTemplate("1 Byte");
        if (bytes < unit)
            return Text.OfTemplate($"{Math.Truncate(bytes).ToString(CultureInfo.InvariantCulture)} Bytes");
        string prefixes = isBinary ? "KMGTPEZY" : "kMGTPEZY";
        int power = 1;
        while (power < prefixes.Length && bytes >= Math.Pow(unit, power + 1))
            power++;
        string size = FloatFormat.Round(bytes / Math.Pow(unit, power), 1).ToString("F1", CultureInfo.InvariantCulture);
        return Text.OfTemplate($"{size} {prefixes[power - 1]}{(isBinary ? "iB" : "B")}");
    }

    private static object? Parse(string text, int radix)
    {
        string digits = text.Replace("_", "", StringComparison.Ordinal);
        if (radix == 10)
        {
            if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number))
                return number;
            return TryFloat(text, out double fraction) && double.IsFinite(fraction) ? checked((long)fraction) : null;
        }
        string unprefixed = radix is 2 or 8 or 16 && digits.Length > 2 && digits[0] == '0' && char.IsLetter(digits[1]) ? digits[2..] : digits;
        long value = 0;
        foreach (char c in unprefixed)
        {
            int digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) - 'a' + 10 : radix;
            if (digit >= radix)
                return null;
            value = checked(value * radix + digit);
        }
        return unprefixed.Length > 0 ? value : null;
    }

    private static bool TryFloat(string text, out double number) => double.TryParse(
        text.Trim(PythonText.Whitespace.ToArray()), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
        CultureInfo.InvariantCulture, out number);

    private static long RoundWhole(long number, int digits)
    {
        if (digits >= 0)
            return number;
        decimal scale = digits < -18 ? decimal.MaxValue : (decimal)Math.Pow(10, -digits);
        return digits < -18 ? 0 : (long)(Math.Round(number / scale, MidpointRounding.ToEven) * scale);
    }
}
