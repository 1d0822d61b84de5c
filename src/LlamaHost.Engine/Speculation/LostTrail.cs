namespace LlamaHost.Engine.Speculation;

/// <summary>
/// Where a text that was being repeated was left: edited text leaves the original for a word or two and comes back nearby. There a single matching
/// token says more than several do elsewhere.
/// </summary>
internal struct LostTrail
{
    // A shorter match may be chance.
    private const int ShortestTrail = 4;

    // How far the original and its edited copy may be apart when they meet again, and after how many tokens.
    private const int Width = 8;
    private const int MostTokens = 16;

    private int _place;
    private int _age;

    /// <summary>Tokens that matched before it was left; 0: there is none.</summary>
    public int Matching { get; private set; }

    /// <summary>The text is left before a place, where it did not go on as it did there.</summary>
    public void Leave(int place, int matching)
    {
        if (matching >= ShortestTrail)
            (_place, Matching, _age) = (place, matching, 0);
    }

    /// <summary>It is found again, or given up.</summary>
    public void Forget() => Matching = 0;

    /// <summary>Goes on by one token, as if another stood in its place.</summary>
    public void Advance()
    {
        _place++;
        if (++_age > MostTokens)
            Forget();
    }

    /// <summary>The nearest place before which the text's last token stands, or −1.</summary>
    public readonly int Find(ReadOnlySpan<int> tokens)
    {
        if (Matching == 0)
            return -1;
        for (int distance = 0; distance <= Width; distance++)
        {
            if (IsMeeting(tokens, _place + distance))
                return _place + distance;
            if (IsMeeting(tokens, _place - distance))
                return _place - distance;
        }
        return -1;
    }

    private static bool IsMeeting(ReadOnlySpan<int> tokens, int place) => place > 0 && place < tokens.Length && tokens[place - 1] == tokens[^1];
}
