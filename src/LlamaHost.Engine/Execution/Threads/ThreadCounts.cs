namespace LlamaHost.Engine.Execution.Threads;

/// <summary>
/// The thread counts worth trying: every one up to 8, about five per doubling above, and the two largest, as one core often has other work.
/// </summary>
/// <param name="most">The largest count, at least 1.</param>
internal sealed class ThreadCounts(int most)
{
    private const int EachUpTo = 8;

    private readonly int[] _counts = [.. Enumerate(most)];

    /// <summary>How many there are.</summary>
    public int Length => _counts.Length;

    /// <summary>The count at an index; they ascend.</summary>
    public int this[int index] => _counts[index];

    /// <summary>Index of the largest count that is not above the given one, or of the smallest.</summary>
    public int IndexAtMost(int count)
    {
        int index = Array.FindLastIndex(_counts, one => one <= count);
        return Math.Max(index, 0);
    }

    private static IEnumerable<int> Enumerate(int most)
    {
        for (int count = 1; count < most - 1; count += count < EachUpTo ? 1 : Math.Max(2, count / 8))
            yield return count;
        if (most > 1)
            yield return most - 1;
        yield return most;
    }
}
