using LlamaHost.Grammars.Automata;

namespace LlamaHost.Grammars.Schemas;

/// <summary>Numbers as parts of a grammar. Bounds are exact, in decimal.</summary>
internal static class NumberCompiler
{
    // So many that every 64-bit integer below 10^18 and every double between 10^-6 and 10^18 can be written.
    private const int WholeDigits = 18;
    private const int FractionDigits = 20;
    private const int MostDivisor = 1000;

    private static readonly GrammarNode Digit = GrammarNode.Of(CharSet.Range('0', '9'));
    private static readonly GrammarNode NonZero = GrammarNode.Of(CharSet.Range('1', '9'));
    private static readonly GrammarNode Point = GrammarNode.Text(".");
    private static readonly GrammarNode Minus = GrammarNode.Text("-");
    private static readonly GrammarNode AnyWhole = GrammarNode.Choice(
        GrammarNode.Text("0"), GrammarNode.Sequence(NonZero, Digits(0, WholeDigits - 1)));
    private static readonly GrammarNode AnyFraction = GrammarNode.Sequence(Point, Digits(1, FractionDigits));

    /// <summary>The numbers that a schema lets through.</summary>
    public static GrammarNode Compile(Schema schema, GrammarBuilder builder)
    {
        bool isInteger = !schema.Types.HasFlag(JsonTypes.Fraction);
        List<int> divisors = [];
        int? fractionDigits = isInteger ? 0 : null;
        foreach (ExactNumber multiple in schema.MultiplesOf)
        {
            // Integers alone, or decimals of so many digits; of other steps no text says at once whether it is one.
            if (multiple.Scale > 0 && multiple.Digits.IsOne && !isInteger)
                fractionDigits = Math.Min(fractionDigits ?? int.MaxValue, multiple.Scale);
            else
                (fractionDigits, _) = (0, Divide(multiple, schema, divisors, isInteger));
        }
        if (schema is { Least: null, Most: null } && divisors.Count == 0)
            return Unbounded(fractionDigits);
        GrammarNode positive = Positive(schema.Least, schema.Most, fractionDigits, divisors, builder);
        GrammarNode negative = Positive(Mirror(schema.Most) ?? Above(0), Mirror(schema.Least), fractionDigits, divisors, builder, withoutZero: true);
        return GrammarNode.Choice(positive, GrammarNode.Sequence(Minus, negative));
    }

    /// <summary>Whether a number fulfils a schema's bounds.</summary>
    public static bool IsValid(ExactNumber number, Schema schema) =>
        (schema.Least is not { } least || number.CompareTo(least.Value) > (least.IsExclusive ? 0 : -1))
        && (schema.Most is not { } most || number.CompareTo(most.Value) < (most.IsExclusive ? 0 : 1))
        && schema.MultiplesOf.All(number.IsMultipleOf);

    private static bool Divide(ExactNumber multiple, Schema schema, List<int> divisors, bool isInteger)
    {
        if (!isInteger && !multiple.IsInteger)
            throw new GrammarException(
                "multipleOf is supported for integers, whole steps and powers of ten.", JsonShape.Below(schema.Path, "multipleOf"));
        // An integer is a multiple of p/q, in lowest terms, if it is one of p.
        System.Numerics.BigInteger power = System.Numerics.BigInteger.Pow(10, multiple.Scale);
        System.Numerics.BigInteger divisor = multiple.Digits / System.Numerics.BigInteger.GreatestCommonDivisor(multiple.Digits, power);
        if (divisor > MostDivisor)
            throw new GrammarException($"multipleOf is supported up to {MostDivisor}.", JsonShape.Below(schema.Path, "multipleOf"));
        if (divisor > 1)
            divisors.Add((int)divisor);
        return true;
    }

    private static GrammarNode Unbounded(int? fractionDigits)
    {
        GrammarNode exponent = GrammarNode.Sequence(
            GrammarNode.Of(CharSet.AnyOf("eE")), GrammarNode.Optional(GrammarNode.Of(CharSet.AnyOf("+-"))), Digits(1, 2));
        return fractionDigits switch
        {
            0 => GrammarNode.Choice(
                GrammarNode.Text("0"), GrammarNode.Sequence(GrammarNode.Optional(Minus), NonZero, Digits(0, WholeDigits - 1))),
            { } digits => GrammarNode.Sequence(
                GrammarNode.Optional(Minus), AnyWhole, GrammarNode.Optional(GrammarNode.Sequence(Point, Digits(1, digits)))),
            null => GrammarNode.Sequence(
                GrammarNode.Optional(Minus), AnyWhole, GrammarNode.Optional(AnyFraction), GrammarNode.Optional(exponent)),
        };
    }

    // Numbers of 0 or more within bounds, without a sign.
    private static GrammarNode Positive(
        Bound? least, Bound? most, int? fractionDigits, List<int> divisors, GrammarBuilder builder, bool withoutZero = false)
    {
        if (withoutZero)
            least = Bound.Higher(least, Above(0));
        if (most is { } top && (top.Value.Digits.Sign < 0 || (top.Value.Digits.IsZero && top.IsExclusive)))
            return GrammarNode.Never;
        // With as many digits as the bounds have.
        int digits = Math.Max(WholeDigits, Math.Max(least?.Value.Whole.Length ?? 0, most?.Value.Whole.Length ?? 0));
        GrammarNode whole = GrammarNode.Choice(GrammarNode.Text("0"), GrammarNode.Sequence(NonZero, Digits(0, digits - 1)));
        GrammarNode fraction = fractionDigits == 0 ? GrammarNode.Empty
            : GrammarNode.Optional(GrammarNode.Sequence(Point, Digits(1, Math.Min(fractionDigits ?? FractionDigits, FractionDigits))));
        var numbers = CharDfa.Of(GrammarNode.Sequence(whole, fraction));
        if (least is { Value.Digits.Sign: > 0 } or { IsExclusive: true, Value.Digits.IsZero: true })
            numbers = numbers.And(CharDfa.Of(AtLeast(least.Value, digits)));
        if (most is { } bound)
            numbers = numbers.And(CharDfa.Of(AtMost(bound)));
        foreach (int divisor in divisors)
            numbers = numbers.And(CharDfa.MultipleOf(divisor));
        return numbers.ToNode(builder, "number", GrammarNode.Of);
    }

    private static Bound Above(int value) => new(new ExactNumber(value, 0), IsExclusive: true);

    private static Bound? Mirror(Bound? bound) => bound is { } one ? one with { Value = one.Value.Negated } : null;

    private static GrammarNode AtLeast(Bound bound, int digits)
    {
        string whole = bound.Value.Whole;
        GrammarNode anyFraction = GrammarNode.Optional(GrammarNode.Sequence(Point, Digits(1, null)));
        List<GrammarNode> ways = [];
        if (digits > whole.Length)
            ways.Add(GrammarNode.Sequence(NonZero, Digits(whole.Length, digits - 1), anyFraction));
        for (int place = 0; place < whole.Length; place++)
        {
            if (whole[place] < '9')
                ways.Add(GrammarNode.Sequence(
                    GrammarNode.Text(whole[..place]), Between((char)(whole[place] + 1), '9'), Exactly(whole.Length - place - 1), anyFraction));
        }
        ways.Add(GrammarNode.Sequence(GrammarNode.Text(whole), FractionAtLeast(bound.Value.Fraction, bound.IsExclusive)));
        return GrammarNode.Choice(ways);
    }

    private static GrammarNode AtMost(Bound bound)
    {
        string whole = bound.Value.Whole;
        GrammarNode anyFraction = GrammarNode.Optional(GrammarNode.Sequence(Point, Digits(1, null)));
        List<GrammarNode> ways = [];
        if (whole.Length > 1)
            ways.Add(GrammarNode.Sequence(Digits(1, whole.Length - 1), anyFraction));
        for (int place = 0; place < whole.Length; place++)
        {
            if (whole[place] > '0')
                ways.Add(GrammarNode.Sequence(
                    GrammarNode.Text(whole[..place]), Between('0', (char)(whole[place] - 1)), Exactly(whole.Length - place - 1), anyFraction));
        }
        ways.Add(GrammarNode.Sequence(GrammarNode.Text(whole), FractionAtMost(bound.Value.Fraction, bound.IsExclusive)));
        return GrammarNode.Choice(ways);
    }

    // What may stand behind the bound's own whole part. The fraction has no zeros at its end.
    private static GrammarNode FractionAtLeast(string fraction, bool isExclusive)
    {
        GrammarNode zeros = GrammarNode.Repeat(GrammarNode.Text("0"), 0, null);
        GrammarNode more = GrammarNode.Sequence(zeros, NonZero, Digits(0, null));
        if (fraction.Length == 0)
            return isExclusive ? GrammarNode.Sequence(Point, more) : GrammarNode.Optional(GrammarNode.Sequence(Point, Digits(1, null)));
        List<GrammarNode> ways = [];
        for (int place = 0; place < fraction.Length; place++)
        {
            if (fraction[place] < '9')
                ways.Add(GrammarNode.Sequence(GrammarNode.Text(fraction[..place]), Between((char)(fraction[place] + 1), '9'), Digits(0, null)));
        }
        ways.Add(GrammarNode.Sequence(GrammarNode.Text(fraction), isExclusive ? more : Digits(0, null)));
        return GrammarNode.Sequence(Point, GrammarNode.Choice(ways));
    }

    private static GrammarNode FractionAtMost(string fraction, bool isExclusive)
    {
        GrammarNode zeros = GrammarNode.Repeat(GrammarNode.Text("0"), 0, null);
        if (fraction.Length == 0)
        {
            return isExclusive ? GrammarNode.Never
                : GrammarNode.Optional(GrammarNode.Sequence(Point, GrammarNode.Text("0"), zeros));
        }
        List<GrammarNode> ways = [];
        for (int place = 0; place < fraction.Length; place++)
        {
            if (place > 0)
                ways.Add(GrammarNode.Text(fraction[..place]));
            if (fraction[place] > '0')
                ways.Add(GrammarNode.Sequence(GrammarNode.Text(fraction[..place]), Between('0', (char)(fraction[place] - 1)), Digits(0, null)));
        }
        if (!isExclusive)
            ways.Add(GrammarNode.Sequence(GrammarNode.Text(fraction), zeros));
        return GrammarNode.Optional(GrammarNode.Sequence(Point, GrammarNode.Choice(ways)));
    }

    private static GrammarNode Between(char first, char last) => GrammarNode.Of(CharSet.Range(first, last));

    private static GrammarNode Exactly(int digits) => GrammarNode.Repeat(Digit, digits, digits);

    private static GrammarNode Digits(int least, int? most) => GrammarNode.Repeat(Digit, least, most);
}
