namespace LlamaHost.Grammars.Schemas;

/// <summary>Whether no value is valid under two schemas at once, as far as it can be seen: what <c>oneOf</c> needs to be enforced.</summary>
internal static class Disjointness
{
    private const int MostDepth = 8;

    /// <summary>Checks that no two schemas of a <c>oneOf</c> can hold together.</summary>
    /// <param name="schemas">The schemas.</param>
    /// <param name="rest">What holds besides.</param>
    /// <param name="set">Where they refer to.</param>
    /// <exception cref="GrammarException">They might.</exception>
    public static void Check(ExclusiveSchemas schemas, Schema rest, SchemaSet set)
    {
        Schema[] all = [.. schemas.Select(schema => set.Resolve(SchemaMerge.Both(rest with { Groups = [] }, schema)))];
        for (int i = 0; i < all.Length; i++)
        {
            for (int j = i + 1; j < all.Length; j++)
            {
                if (!AreDisjoint(all[i], all[j], set, MostDepth))
                    throw new GrammarException(
                        $"oneOf is supported where no value can match two of its schemas, but one might match those at {i} and {j}; use anyOf.",
                        schemas.Path);
            }
        }
    }

    private static bool AreDisjoint(Schema one, Schema other, SchemaSet set, int depth)
    {
        (one, other) = (set.Resolve(one), set.Resolve(other));
        if (one.Values is { } values && other.Values is { } others)
            return !values.Any(value => others.Any(same => JsonValues.AreEqual(value, same)));
        if (one.Values is not null || other.Values is not null)
        {
            (Schema listed, Schema open) = one.Values is not null ? (one, other) : (other, one);
            return !listed.Values!.Any(value => open.Types.HasFlag(JsonValues.TypeOf(value)));
        }
        JsonTypes common = one.Types & other.Types;
        if (common == JsonTypes.None)
            return true;
        return depth > 0
            && (common & ~(JsonTypes.Object | JsonTypes.Number)) == 0
            && (!common.HasFlag(JsonTypes.Object) || AreDisjointObjects(one, other, set, depth))
            && ((common & JsonTypes.Number) == 0 || AreDisjointNumbers(one, other) || AreDisjointNumbers(other, one));
    }

    private static bool AreDisjointObjects(Schema one, Schema other, SchemaSet set, int depth) =>
        Excludes(one, other) || Excludes(other, one)
        || one.Required.Intersect(other.Required).Any(name => one.Property(name) is { } first && other.Property(name) is { } second
            && AreDisjoint(first, second, set, depth - 1));

    // One demands a property that the other forbids.
    private static bool Excludes(Schema one, Schema other) => one.Required.Any(
        name => other.Property(name) is { IsNothing: true }
            || (other is { Patterns: [], Additional.IsNothing: true } && other.Property(name) is null));

    private static bool AreDisjointNumbers(Schema one, Schema other)
    {
        if (one.Most is not { } most || other.Least is not { } least)
            return false;
        int order = most.Value.CompareTo(least.Value);
        return order < 0 || (order == 0 && (most.IsExclusive || least.IsExclusive));
    }
}
