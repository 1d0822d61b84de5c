using System.Globalization;

namespace LlamaHost.Chat.Jinja.Values;

/// <summary>Floating-point numbers as Python writes them.</summary>
internal static class FloatFormat
{
    /// <summary>The shortest digits that read back as the number, with an exponent from 1e16 up and below 1e-4.</summary>
    public static string Repr(double number)
    {
        if (double.IsNaN(number))
            return "nan";
        if (double.IsInfinity(number))
            return number > 0 ? "inf" : "-inf";
        if (number == 0)
            return double.IsNegative(number) ? "-0.0" : "0.0";
        (string digits, int exponent) = Shortest(Math.Abs(number));
        string sign = number < 0 ? "-" : "";
        if (exponent is < -4 or >= 16)
        {
            string fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }
        if (exponent < 0)
            return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        return digits.Length <= exponent + 1
            ? $"{sign}{digits.PadRight(exponent + 1, '0')}.0"
            : $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>Rounds as Python does: the exact decimal value, halves to the even neighbour.</summary>
    public static double Round(double number, int digits)
    {
        if (!double.IsFinite(number))
            return number;
        if (digits < 0)
        {
            double scale = Math.Pow(10, -digits);
            return Math.Round(number / scale, MidpointRounding.ToEven) * scale;
        }
        if (digits > 17)
            return number;
        double scaled = number * Math.Pow(10, digits);
        if (Math.Abs(scaled) < 1e15 && Math.Abs(scaled - Math.Truncate(scaled)) == 0.5 && number * 1024 % 1 == 0)
            return Math.Round(scaled, MidpointRounding.ToEven) / Math.Pow(10, digits);
        return double.Parse(number.ToString("F" + digits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static (string Digits, int Exponent) Shortest(double number)
    {
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        int exponent = 0;
        int mark = text.IndexOf('E', StringComparison.Ordinal);
        if (mark >= 0)
        {
            exponent = int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = text[..mark];
        }
        int point = text.IndexOf('.', StringComparison.Ordinal);
        string whole = point < 0 ? text : text[..point];
        string all = point < 0 ? text : whole + text[(point + 1)..];
        int leading = all.Length - all.TrimStart('0').Length;
        string digits = all.Trim('0');
        return (digits, exponent + whole.Length - 1 - leading);
    }
}
