using LlamaHost.Engine.Scheduling;

namespace LlamaHost.Engine.Speculation;

/// <summary>
/// Guesses a sequence's next tokens from its own text: what followed the last time that it read as it does now. Guesses cost time when they are
/// wrong, never the result: each is compared with the token that is chosen there.
/// Source: Saxena, "Prompt Lookup Decoding" (2023); Hugging Face's <c>PromptLookupCandidateGenerator</c>. Unlike there the longest match counts and,
/// of several, the latest; a text that leaves the one it repeats is met again nearby; and as many tokens are guessed as pay for themselves.
/// </summary>
internal sealed class PromptLookup
{
    // A run of one token says too little, unless the request wants it so.
    private const int UsualRun = 2;

    // Beyond it a step gains next to nothing, even if all are right.
    private const int MostDrafts = 64;

    // What is less likely never pays, and need not be looked at.
    private const double LeastChance = 0.05;

    // A place that so many tokens speak for is not given up for one beside the lost trail.
    private const int SureMatch = 4;

    private readonly NgramIndex _index;
    private readonly AcceptanceRates _rates = new();
    private readonly int _most;
    private readonly int _mostMatching;
    private LostTrail _trail;
    private int _place = -1;
    private int _matching;
    private bool _isBack;

    /// <param name="most">Most tokens to guess at once.</param>
    /// <param name="mostMatching">Matching tokens beyond which a match is no better than another. 1 or more.</param>
    /// <param name="prompt">The text to begin with.</param>
    /// <param name="capacity">Tokens expected in all.</param>
    public PromptLookup(int most, int mostMatching, ReadOnlySpan<int> prompt, int capacity)
    {
        (_most, _mostMatching) = (most, mostMatching);
        _index = new NgramIndex(Math.Min(mostMatching, UsualRun), capacity);
        _index.Extend(prompt[..^1]);
        (_place, _matching) = _index.Find(prompt, _mostMatching);
        _index.Extend(prompt);
    }

    /// <summary>The same for a sibling that starts from the same prompt.</summary>
    public PromptLookup(PromptLookup other)
    {
        (_most, _mostMatching, _place, _matching) = (other._most, other._mostMatching, other._place, other._matching);
        _index = new NgramIndex(other._index);
    }

    /// <summary>The text has grown by one token.</summary>
    public void Follow(ReadOnlySpan<int> tokens)
    {
        _trail.Advance();
        bool isRight = _place >= 0 && tokens[_place] == tokens[^1];
        if (_place >= 0)
            _rates.Observe(_matching, _isBack, isRight);
        if (isRight)
        {
            _place++;
            _matching = Math.Min(_matching + 1, _mostMatching);
        }
        else
        {
            if (!_isBack)
                _trail.Leave(_place + 1, _matching);
            (_place, _matching, _isBack) = (-1, 0, false);
        }
        Search(tokens);
        _index.Extend(tokens);
    }

    /// <summary>Guesses as many tokens as the step gains most by.</summary>
    /// <param name="tokens">The text.</param>
    /// <param name="drafts">Gets them.</param>
    /// <param name="ends">Nothing is guessed after these, nor are they: the text ends there.</param>
    /// <param name="expected">The step that is to verify them.</param>
    /// <returns>How many there are.</returns>
    public int Guess(ReadOnlySpan<int> tokens, Span<int> drafts, ReadOnlySpan<int> ends, StepYield expected)
    {
        if (_place < 0)
            return 0;
        double chance = 1;
        int count = 0;
        int most = Math.Min(Math.Min(drafts.Length, _most), MostDrafts);
        Span<double> chances = stackalloc double[most];
        for (; count < most; count++)
        {
            // A text that repeats itself is guessed beyond its end, from the guess.
            int from = _place + count;
            int token = from < tokens.Length ? tokens[from] : drafts[from - tokens.Length];
            chance *= _rates.Of(Math.Min(_matching + count, _mostMatching), _isBack);
            if (ends.Contains(token) || chance < LeastChance)
                break;
            drafts[count] = token;
            chances[count] = chance;
        }
        return expected.Take(chances[..count]);
    }

    // A place that has been right so far is left only for a better one.
    private void Search(ReadOnlySpan<int> tokens)
    {
        if (_isBack && _matching >= SureMatch)
        {
            // The trail is the old one again.
            _matching = Math.Min(_matching + _trail.Matching, _mostMatching);
            _isBack = false;
            _trail.Forget();
        }
        (int found, int matching) = _index.Find(tokens, _mostMatching);
        if (matching > _matching && (!_isBack || matching >= SureMatch))
            (_place, _matching, _isBack) = (found, matching, false);
        if (!_isBack && _matching < SureMatch && _trail.Find(tokens) is >= 0 and int met)
            (_place, _matching, _isBack) = (met, 1, true);
    }
}
