namespace LlamaHost.Server.Binding;

/// <summary>Finds what a client that misspelled a name may have meant.</summary>
internal static class Spelling
{
    private const int LongestQuoted = 60;
    private const int LongestCompared = 64;

    /// <summary>
    /// The known name that is nearest, if it is near: another case or word separator (<c>maxNewTokens</c>), or at most one wrong letter in four.
    /// </summary>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        if (name.Length > LongestCompared)
            return null;
        string plain = Plain(name);
        (string? nearest, int distance) = known
            .Select(one => (Name: (string?)one, Distance: Distance(plain, Plain(one))))
            .MinBy(one => one.Distance);
        return nearest is not null && distance <= Math.Max(1, Plain(nearest).Length / 4) ? nearest : null;
    }

    /// <summary>The name in quotes, cut where it would make a message unreadable.</summary>
    public static string Quote(string name) => name.Length <= LongestQuoted ? $"\"{name}\"" : $"\"{name[..LongestQuoted]}…\"";

    private static string Plain(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    // Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one each.
    private static int Distance(string left, string right)
    {
        int[,] costs = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
            costs[i, 0] = i;
        for (int j = 0; j <= right.Length; j++)
            costs[0, j] = j;
        for (int i = 1; i <= left.Length; i++)
        {
            for (int j = 1; j <= right.Length; j++)
            {
                int substitution = costs[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                costs[i, j] = Math.Min(substitution, Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    costs[i, j] = Math.Min(costs[i, j], costs[i - 2, j - 2] + 1);
            }
        }
        return costs[left.Length, right.Length];
    }
}
