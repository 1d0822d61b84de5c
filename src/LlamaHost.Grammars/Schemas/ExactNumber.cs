using System.Globalization;
using System.Numerics;

namespace LlamaHost.Grammars.Schemas;

/// <summary>An exact decimal number: <c>Digits · 10^−Scale</c>.</summary>
/// <param name="Digits">All of its digits, with its sign.</param>
/// <param name="Scale">How many of them are behind the point, 0 or more.</param>
internal readonly record struct ExactNumber(BigInteger Digits, int Scale) : IComparable<ExactNumber>
{
    private const int MostDigits = 100;

    /// <summary>Reads a JSON number.</summary>
    /// <returns><see langword="null"/> if it has more digits than anything here is meant for.</returns>
    public static ExactNumber? Parse(string text)
    {
        int exponentAt = text.AsSpan().IndexOfAny('e', 'E');
        string mantissa = exponentAt < 0 ? text : text[..exponentAt];
        int exponent = 0;
        if (exponentAt >= 0 && !int.TryParse(text.AsSpan(exponentAt + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent))
            return null;
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        int scale = point < 0 ? 0 : mantissa.Length - point - 1;
        if (mantissa.Length > MostDigits || Math.Abs((long)exponent) > MostDigits)
            return null;
        BigInteger digits = BigInteger.Parse(mantissa.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        scale -= exponent;
        if (scale < 0)
            (digits, scale) = (digits * BigInteger.Pow(10, -scale), 0);
        while (scale > 0 && digits % 10 == 0)
            (digits, scale) = (digits / 10, scale - 1);
        return new ExactNumber(digits, scale);
    }

    public bool IsInteger => Scale == 0;

    public ExactNumber Negated => new(-Digits, Scale);

    /// <summary>Digits before the point of the number without its sign.</summary>
    public string Whole => BigInteger.DivRem(BigInteger.Abs(Digits), BigInteger.Pow(10, Scale)).Quotient.ToString(CultureInfo.InvariantCulture);

    /// <summary>Digits behind the point, without zeros at the end.</summary>
    public string Fraction => Scale == 0 ? ""
        : BigInteger.DivRem(BigInteger.Abs(Digits), BigInteger.Pow(10, Scale)).Remainder.ToString(CultureInfo.InvariantCulture).PadLeft(Scale, '0');

    public int CompareTo(ExactNumber other)
    {
        int scale = Math.Max(Scale, other.Scale);
        return (Digits * BigInteger.Pow(10, scale - Scale)).CompareTo(other.Digits * BigInteger.Pow(10, scale - other.Scale));
    }

    /// <summary>Whether it is a whole number of times the other.</summary>
    public bool IsMultipleOf(ExactNumber other)
    {
        int scale = Math.Max(Scale, other.Scale);
        return Digits * BigInteger.Pow(10, scale - Scale) % (other.Digits * BigInteger.Pow(10, scale - other.Scale)) == 0;
    }
}
