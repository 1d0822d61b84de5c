namespace LlamaHost.Engine.Text;

/// <summary>
/// Finds stop texts in text that comes in pieces. What it finds does not depend on where the pieces are cut: it is the stop text that is complete
/// first, the one that began earlier among those complete at the same place. Text that could still become a stop text is held back.
/// </summary>
internal sealed class StopTextMatcher
{
    private readonly IReadOnlyList<string> _stopTexts;
    private string _held = "";

    /// <param name="stopTexts">None is empty.</param>
    public StopTextMatcher(IReadOnlyList<string> stopTexts) => _stopTexts = stopTexts;

    /// <summary>A copy in the same state.</summary>
    public StopTextMatcher(StopTextMatcher other) => (_stopTexts, _held, Found) = (other._stopTexts, other._held, other.Found);

    /// <summary>The stop text found, after which nothing may follow.</summary>
    public string? Found { get; private set; }

    /// <summary>The text that is certain now, cut before a stop text.</summary>
    public string Push(string text)
    {
        if (_stopTexts.Count == 0 || text.Length == 0)
            return text;
        string all = _held + text;
        int certain = Find(all) ?? all.Length - PossibleBeginning(all);
        _held = Found is null ? all[certain..] : "";
        return all[..certain];
    }

    /// <summary>The text held back: no stop text came of it.</summary>
    public string Flush()
    {
        string rest = _held;
        _held = "";
        return rest;
    }

    private int? Find(string text)
    {
        int bestStart = 0;
        int bestEnd = int.MaxValue;
        foreach (string stop in _stopTexts)
        {
            int start = text.IndexOf(stop, StringComparison.Ordinal);
            if (start < 0)
                continue;
            int end = start + stop.Length;
            if (end > bestEnd || (end == bestEnd && start >= bestStart))
                continue;
            (bestStart, bestEnd, Found) = (start, end, stop);
        }
        return Found is null ? null : bestStart;
    }

    // Length of the longest end of the text with which a stop text begins.
    private int PossibleBeginning(string text)
    {
        int longest = 0;
        foreach (string stop in _stopTexts)
        {
            for (int length = Math.Min(stop.Length - 1, text.Length); length > longest; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                    longest = length;
            }
        }
        return longest;
    }
}
