namespace LlamaHost.Chat.Jinja.Values;

/// <summary>Python's arithmetic of whole numbers, booleans among them, and floating-point numbers.</summary>
internal static class Arithmetic
{
    /// <exception cref="OverflowException">The result does not fit into 64 bits.</exception>
    public static object Apply(string symbol, object left, object right)
    {
        if (left is double || right is double || symbol == "/")
            return Apply(symbol, ToDouble(left), ToDouble(right));
        long a = ToLong(left);
        long b = ToLong(right);
        return symbol switch
        {
            "+" => checked(a + b),
            "-" => checked(a - b),
            "*" => checked(a * b),
            "//" => FloorDivide(a, NotZero(b, "integer division or modulo by zero")),
            "%" => a - FloorDivide(a, NotZero(b, "integer modulo by zero")) * b,
            _ => b < 0 ? (object)Math.Pow(a, b) : Power(a, b),
        };
    }

    public static bool AreEqual(object left, object right) =>
        left is double || right is double ? ToDouble(left) == ToDouble(right) : ToLong(left) == ToLong(right);

    public static int Order(object left, object right) =>
        left is double || right is double ? ToDouble(left).CompareTo(ToDouble(right)) : ToLong(left).CompareTo(ToLong(right));

    public static double ToDouble(object value) => value switch
    {
        double number => number,
        long number => number,
        _ => (bool)value ? 1 : 0,
    };

    public static long ToLong(object value) => value is long number ? number : (bool)value ? 1 : 0;

    private static double Apply(string symbol, double a, double b) => symbol switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => a / NotZero(b, "division by zero"),
        "//" => Math.Floor(a / NotZero(b, "float floor division by zero")),
        "%" => a - Math.Floor(a / NotZero(b, "float modulo")) * b,
        _ => Math.Pow(a, b),
    };

    private static long FloorDivide(long a, long b)
    {
        (long quotient, long remainder) = Math.DivRem(a, b);
        return remainder != 0 && (remainder < 0) != (b < 0) ? quotient - 1 : quotient;
    }

    private static long Power(long a, long exponent)
    {
        long result = 1;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
                result = checked(result * a);
            if (exponent > 1)
                a = checked(a * a);
        }
        return result;
    }

    private static T NotZero<T>(T divisor, string message) where T : struct, IEquatable<T> =>
        divisor.Equals(default) ? throw new ChatTemplateException(message) : divisor;
}
