namespace LlamaHost.Grammars.Schemas;

/// <summary>A bound of numbers.</summary>
/// <param name="Value">The bound.</param>
/// <param name="IsExclusive">The bound itself is out.</param>
internal readonly record struct Bound(ExactNumber Value, bool IsExclusive)
{
    /// <summary>The stricter of two lower bounds.</summary>
    public static Bound? Higher(Bound? one, Bound? other) => Stricter(one, other, 1);

    /// <summary>The stricter of two upper bounds.</summary>
    public static Bound? Lower(Bound? one, Bound? other) => Stricter(one, other, -1);

    private static Bound? Stricter(Bound? one, Bound? other, int sign)
    {
        if (one is not { } first || other is not { } second)
            return one ?? other;
        int order = first.Value.CompareTo(second.Value) * sign;
        return order > 0 || (order == 0 && first.IsExclusive) ? first : second;
    }
}
