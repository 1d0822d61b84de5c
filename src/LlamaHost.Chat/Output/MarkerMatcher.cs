namespace LlamaHost.Chat.Output;

/// <summary>Looks for markers in text that comes character by character, and holds back what may yet become one.</summary>
internal sealed class MarkerMatcher(IReadOnlyList<string> markers)
{
    private string _held = "";

    /// <summary>What is held back.</summary>
    public string Held => _held;

    /// <summary>Takes a character.</summary>
    /// <param name="c">The next one.</param>
    /// <param name="passed">What is certain to be part of no marker.</param>
    /// <returns>The marker that is now complete, or null.</returns>
    public string? Push(char c, out string passed)
    {
        _held += c;
        int start = 0;
        while (start < _held.Length)
        {
            string rest = _held[start..];
            string? complete = markers.FirstOrDefault(marker => marker == rest);
            if (complete is not null)
            {
                passed = _held[..start];
                _held = "";
                return complete;
            }
            if (markers.Any(marker => marker.StartsWith(rest, StringComparison.Ordinal)))
                break;
            start++;
        }
        passed = _held[..start];
        _held = _held[start..];
        return null;
    }

    /// <summary>Gives up what is held back: the text has ended.</summary>
    public string Release()
    {
        string held = _held;
        _held = "";
        return held;
    }
}
