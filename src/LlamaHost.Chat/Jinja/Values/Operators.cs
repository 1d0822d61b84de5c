using LlamaHost.Chat.Jinja.Library;

namespace LlamaHost.Chat.Jinja.Values;

/// <summary>Python's operators.</summary>
internal static class Operators
{
    public static object? Apply(Rendering rendering, string symbol, object? left, object? right)
    {
        if (left is Undefined missingLeft)
            throw missingLeft.Fail();
        if (symbol == "%" && left is Text format)
            return PercentFormat.Apply(rendering, format, right);
        if (right is Undefined missingRight)
            throw missingRight.Fail();
        if (left is bool or long or double && right is bool or long or double)
            return Arithmetic.Apply(symbol, left, right);
        return (symbol, left, right) switch
        {
            ("+", Text first, Text second) => Markup.Join(rendering, first, second),
            ("+", Sequence { Kind: SequenceKind.List or SequenceKind.Tuple } first, Sequence second) when first.Kind == second.Kind =>
                Join(rendering, first, second),
            ("*", Text or Sequence { Kind: SequenceKind.List or SequenceKind.Tuple }, long or bool) => Repeat(rendering, left, ToInt(right)),
            ("*", long or bool, Text or Sequence { Kind: SequenceKind.List or SequenceKind.Tuple }) => Repeat(rendering, right, ToInt(left)),
            ("+", Text, _) => throw new ChatTemplateException($"can only concatenate str (not \"{Describe.TypeOf(right)}\") to str"),
            ("+", Sequence { Kind: SequenceKind.List or SequenceKind.Tuple } first, _) => throw new ChatTemplateException(
                $"can only concatenate {first.TypeName} (not \"{Describe.TypeOf(right)}\") to {first.TypeName}"),
            _ => throw Unsupported(symbol == "**" ? "** or pow()" : symbol, left, right),
        };
    }

    public static object? Sign(char sign, object? value) => value switch
    {
        bool flag => (object)(sign == '-' ? (flag ? -1L : 0L) : (flag ? 1L : 0L)),
        long number => sign == '-' ? checked(-number) : number,
        double number => sign == '-' ? -number : number,
        Undefined missing => throw missing.Fail(),
        _ => throw new ChatTemplateException($"bad operand type for unary {sign}: '{Describe.TypeOf(value)}'"),
    };

    public static bool Compare(Rendering rendering, string symbol, object? left, object? right)
    {
        rendering.Budget.Charge(Math.Min(Extent.Of(left).Size, symbol is "in" or "not in" ? long.MaxValue : Extent.Of(right).Size));
        return symbol switch
        {
            "==" => AreEqual(left, right),
            "!=" => !AreEqual(left, right),
            "in" => Contains(rendering, right, left),
            "not in" => !Contains(rendering, right, left),
            _ => IsOrdered(symbol, left, right),
        };
    }

    public static bool AreEqual(object? left, object? right) => (left, right) switch
    {
        (null, null) => true,
        (bool or long or double, bool or long or double) => Arithmetic.AreEqual(left, right),
        (Text first, Text second) => first.Equals(second),
        (Sequence { IsIndexed: true } first, Sequence second) =>
            first.Kind == second.Kind && first.Count == second.Count && first.Items.Zip(second.Items).All(pair => AreEqual(pair.First, pair.Second)),
        (Dict first, Dict second) =>
            first.Count == second.Count && first.Entries.All(entry => second.TryGet(entry.Key, out object? value) && AreEqual(entry.Value, value)),
        (Undefined, Undefined) => true,
        _ => ReferenceEquals(left, right),
    };

    /// <summary>Less than zero, zero or more, as <paramref name="left"/> comes before, with or after <paramref name="right"/>.</summary>
    public static int Order(object? left, object? right, string symbol = "<") => (left, right) switch
    {
        (Undefined missing, _) => throw missing.Fail(),
        (_, Undefined missing) => throw missing.Fail(),
        (bool or long or double, bool or long or double) => Arithmetic.Order(left, right),
        (Text first, Text second) => string.CompareOrdinal(first.Value, second.Value),
        (Sequence { IsIndexed: true } first, Sequence second) when first.Kind == second.Kind => Order(first, second, symbol),
        _ => throw new ChatTemplateException(
            $"'{symbol}' not supported between instances of '{Describe.TypeOf(left)}' and '{Describe.TypeOf(right)}'"),
    };

    public static bool Contains(Rendering rendering, object? container, object? item)
    {
        if (container is Text text && item is Text part)
        {
            rendering.Budget.ChargeSearch(text.Length, part.Length);
            return text.Value.Contains(part.Value, StringComparison.Ordinal);
        }
        if (container is Sequence or Dict)
            rendering.Budget.Charge(Math.Min(Extent.Of(container).Size, Extent.Of(item).Size * Iteration.Length(container)));
        return Holds(container, item);
    }

    private static bool Holds(object? container, object? item) => container switch
    {
        Text => throw new ChatTemplateException($"'in <string>' requires string as left operand, not {Describe.TypeOf(item)}"),
        Dict dict => dict.Contains(item),
        Sequence sequence => sequence.Iterate().Any(one => AreEqual(one, item)),
        Undefined => false,
        _ => throw new ChatTemplateException($"argument of type '{Describe.TypeOf(container)}' is not iterable"),
    };

    public static int ToInt(object? value) => value switch
    {
        bool flag => flag ? 1 : 0,
        long number => (int)Math.Clamp(number, int.MinValue, int.MaxValue),
        Undefined missing => throw missing.Fail(),
        _ => throw new ChatTemplateException($"'{Describe.TypeOf(value)}' object cannot be interpreted as an integer"),
    };

    public static ChatTemplateException Unsupported(string symbol, object? left, object? right) =>
        new($"unsupported operand type(s) for {symbol}: '{Describe.TypeOf(left)}' and '{Describe.TypeOf(right)}'");

    private static bool IsOrdered(string symbol, object? left, object? right)
    {
        if (left is double.NaN || right is double.NaN)
            return false;
        int order = Order(left, right, symbol);
        return symbol switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    private static int Order(Sequence left, Sequence right, string symbol)
    {
        foreach ((object? first, object? second) in left.Items.Zip(right.Items))
        {
            if (!AreEqual(first, second))
                return Order(first, second, symbol);
        }
        return left.Count - right.Count;
    }

    private static Sequence Join(Rendering rendering, Sequence first, Sequence second)
    {
        rendering.Budget.Charge(first.Count + second.Count);
        return new Sequence(first.Kind, [.. first.Items, .. second.Items]);
    }

    private static object? Repeat(Rendering rendering, object? value, int count)
    {
        count = Math.Max(count, 0);
        if (value is Sequence sequence)
        {
            rendering.Budget.Charge((long)sequence.Count * count);
            return new Sequence(sequence.Kind, [.. Enumerable.Repeat(sequence.Items, count).SelectMany(items => items)]);
        }
        TextBuilder text = rendering.NewText();
        var part = (Text)value!;
        for (int i = 0; i < count && part.Length > 0; i++)
            text.Append(part);
        return text.ToText();
    }
}
