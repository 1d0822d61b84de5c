using System.Globalization;
using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>Numbers in the ways that Python's format characters ask for.</summary>
internal static class NumberFormat
{
    private const int MostDigits = 100;

    /// <summary>A number without padding, with its minus sign.</summary>
    public static string Write(object number, char type, int? precision, bool hasPrefix = false, bool groups = false)
    {
        int digits = Math.Min(precision ?? 6, MostDigits);
        switch (type)
        {
            case 'd' or 'i' or 'u' or 'n':
                long whole = number is double fraction ? checked((long)fraction) : Arithmetic.ToLong(number);
                return whole.ToString(groups ? "N0" : "D", CultureInfo.InvariantCulture);
            case 'x' or 'X' or 'o' or 'b':
                return Radix(Arithmetic.ToLong(number is double ? throw NotWhole(type) : number), type, hasPrefix);
            case 'f' or 'F':
                return Fixed(Arithmetic.ToDouble(number), digits, groups);
            case '%':
                return Fixed(Arithmetic.ToDouble(number) * 100, digits, groups) + "%";
            case 'e' or 'E':
                return Exponent(Arithmetic.ToDouble(number), digits, type);
            case 'g' or 'G':
                return General(Arithmetic.ToDouble(number), Math.Max(digits, 1), type);
            default:
                throw new ChatTemplateException($"unsupported format character '{type}'");
        }
    }

    private static ChatTemplateException NotWhole(char type) => new($"%{type} format: an integer is required, not float");

    private static string Radix(long number, char type, bool hasPrefix)
    {
        string digits = type switch
        {
            'x' => Math.Abs(number).ToString("x", CultureInfo.InvariantCulture),
            'X' => Math.Abs(number).ToString("X", CultureInfo.InvariantCulture),
            'o' => Convert.ToString(Math.Abs(number), 8),
            _ => Convert.ToString(Math.Abs(number), 2),
        };
        return (number < 0 ? "-" : "") + (hasPrefix ? "0" + type : "") + digits;
    }

    private static string Fixed(double number, int digits, bool groups)
    {
        if (!double.IsFinite(number))
            return FloatFormat.Repr(number);
        double scaled = number * Math.Pow(10, digits);
        // Exact halves go to the even neighbour; all else .NET rounds exactly as well.
        if (digits < 15 && Math.Abs(scaled) < 1e15 && Math.Abs(scaled - Math.Truncate(scaled)) == 0.5)
            number = FloatFormat.Round(number, digits);
        return number.ToString((groups ? "N" : "F") + digits, CultureInfo.InvariantCulture);
    }

    private static string Exponent(double number, int digits, char type)
    {
        if (!double.IsFinite(number))
            return FloatFormat.Repr(number);
        string text = number.ToString((type == 'e' ? "e" : "E") + digits, CultureInfo.InvariantCulture);
        int mark = text.IndexOf(type, StringComparison.Ordinal);
        // .NET writes three digits of the exponent, Python at least two.
        return text[..(mark + 2)] + text[(mark + 2)..].TrimStart('0').PadLeft(2, '0');
    }

    private static string General(double number, int digits, char type)
    {
        if (!double.IsFinite(number))
            return FloatFormat.Repr(number);
        char exponentType = type == 'g' ? 'e' : 'E';
        string scientific = Exponent(number, digits - 1, exponentType);
        int mark = scientific.IndexOf(exponentType, StringComparison.Ordinal);
        int exponent = number == 0 ? 0 : int.Parse(scientific.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent >= -4 && exponent < digits)
            return WithoutZeros(number.ToString("F" + (digits - 1 - exponent), CultureInfo.InvariantCulture));
        return WithoutZeros(scientific[..mark]) + scientific[mark..];
    }

    private static string WithoutZeros(string number) => number.Contains('.') ? number.TrimEnd('0').TrimEnd('.') : number;
}
