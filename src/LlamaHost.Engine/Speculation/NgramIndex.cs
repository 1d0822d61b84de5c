using System.Numerics;

namespace LlamaHost.Engine.Speculation;

/// <summary>
/// Where the runs of the last few tokens stood before in a growing text. Hash chains as deflate has them (RFC 1951, section 4): a step costs the same
/// however long the text is.
/// </summary>
internal sealed class NgramIndex
{
    // Frequent runs stand in many places; the latest ones are the best guess, and looking at all would cost time that grows with the text.
    private const int MostPlaces = 16;

    private readonly int _size;
    private readonly int[] _heads;
    private int[] _previous;
    private int _count;

    /// <param name="size">Tokens of a run.</param>
    /// <param name="capacity">Tokens expected in all.</param>
    public NgramIndex(int size, int capacity)
    {
        _size = size;
        _heads = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(capacity, 64, 1 << 16))];
        _previous = new int[Math.Max(capacity, 64)];
        Array.Fill(_heads, -1);
    }

    /// <summary>A copy that grows on its own.</summary>
    public NgramIndex(NgramIndex other)
    {
        (_size, _count) = (other._size, other._count);
        _heads = [.. other._heads];
        _previous = [.. other._previous];
    }

    /// <summary>Takes the text's tokens that it does not have yet. A place is the number of tokens before it.</summary>
    public void Extend(ReadOnlySpan<int> tokens)
    {
        if (tokens.Length >= _previous.Length)
            Array.Resize(ref _previous, Math.Max(tokens.Length + 1, _previous.Length * 2));
        while (_count < tokens.Length)
        {
            _count++;
            if (_count < _size)
                continue;
            ref int head = ref Head(tokens[.._count]);
            _previous[_count] = head;
            head = _count;
        }
    }

    /// <summary>
    /// The earlier place before which the most of the text's last tokens stand as well, the latest of several; −1 if there is none. The text must not
    /// be taken yet.
    /// </summary>
    /// <param name="tokens">The text.</param>
    /// <param name="mostMatching">More matching tokens than this count no more.</param>
    public (int Place, int Matching) Find(ReadOnlySpan<int> tokens, int mostMatching)
    {
        (int place, int longest) = (-1, 0);
        if (tokens.Length < _size)
            return (place, longest);
        int candidate = Head(tokens);
        for (int i = 0; i < MostPlaces && candidate >= 0 && longest < mostMatching; i++)
        {
            int matching = Matching(tokens, candidate, mostMatching);
            // Two runs may share a hash.
            if (matching >= _size && matching > longest)
                (place, longest) = (candidate, matching);
            candidate = _previous[candidate];
        }
        return (place, longest);
    }

    private static int Matching(ReadOnlySpan<int> tokens, int place, int most)
    {
        most = Math.Min(most, place);
        int matching = 0;
        while (matching < most && tokens[place - 1 - matching] == tokens[^(1 + matching)])
            matching++;
        return matching;
    }

    private ref int Head(ReadOnlySpan<int> tokens)
    {
        ulong hash = 0;
        foreach (int token in tokens[^_size..])
            hash = (hash + (uint)token + 1) * 0x9E3779B97F4A7C15;
        return ref _heads[(int)(hash >> 40) & (_heads.Length - 1)];
    }
}
