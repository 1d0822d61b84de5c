namespace LlamaHost.Grammars.Matching;

/// <summary>
/// Says which tokens of a vocabulary may follow a text under a grammar. What it works out is kept for all texts, so one matcher serves all sequences
/// with the same grammar. Thread-safe.
/// </summary>
public sealed class GrammarMatcher
{
    // Steps for one answer, about a quarter of a second: beyond that a grammar is too ambiguous to be of use.
    private const long MostSteps = 10_000_000;

    private readonly Lock _lock = new();
    private readonly GrammarAutomaton _automaton;
    private readonly TokenTrie _vocabulary;

    /// <param name="grammar">The grammar.</param>
    /// <param name="vocabulary">The model's vocabulary.</param>
    /// <exception cref="GrammarException">No text matches, a rule begins with itself, or the grammar is too large.</exception>
    public GrammarMatcher(Grammar grammar, TokenTrie vocabulary)
    {
        ArgumentNullException.ThrowIfNull(grammar);
        ArgumentNullException.ThrowIfNull(vocabulary);
        _vocabulary = vocabulary;
        _automaton = Automaton(grammar);
    }

    /// <summary>Before any text.</summary>
    public GrammarState Start => _automaton.Start;

    /// <summary>Checks a grammar as the constructor does, without a vocabulary.</summary>
    /// <exception cref="GrammarException">No text matches, a rule begins with itself, or the grammar is too large.</exception>
    public static void Check(Grammar grammar)
    {
        ArgumentNullException.ThrowIfNull(grammar);
        Automaton(grammar);
    }

    /// <summary>The state after more text; <see cref="GrammarState.Dead"/> if it can't follow.</summary>
    /// <param name="state">A state of this matcher.</param>
    /// <param name="bytes">UTF-8, possibly part of a character.</param>
    public GrammarState Advance(GrammarState state, ReadOnlySpan<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(state);
        lock (_lock)
        {
            Begin();
            try
            {
                foreach (byte value in bytes)
                {
                    state = _automaton.After(state, value);
                    if (state.IsDead)
                        break;
                }
                return state;
            }
            catch (TooAmbiguousException)
            {
                return GrammarState.Dead;
            }
        }
    }

    /// <summary>A bit for each token id, in words of 64: set for tokens whose bytes can follow. Ids without text are never set.</summary>
    /// <param name="state">A state of this matcher.</param>
    /// <returns>Not to be changed; empty if the grammar is too ambiguous to say.</returns>
    public ReadOnlyMemory<ulong> Mask(GrammarState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        lock (_lock)
        {
            Begin();
            _automaton.Refresh(state);
            if (state.Mask is { } known)
                return known;
            ulong[] mask = new ulong[(_vocabulary.Vocabulary + 63) / 64];
            if (state.IsDead)
                return mask;
            try
            {
                _vocabulary.Mark(_automaton, state, mask);
            }
            catch (TooAmbiguousException)
            {
                return default;
            }
            _automaton.Remember(mask.Length);
            return state.Mask = mask;
        }
    }

    private static GrammarAutomaton Automaton(Grammar grammar)
    {
        try
        {
            return new GrammarAutomaton(NetworkBuilder.Build(grammar), MostSteps);
        }
        catch (TooAmbiguousException)
        {
            throw new GrammarException("The grammar has too many ways to begin.");
        }
    }

    private void Begin()
    {
        _automaton.Tidy();
        _automaton.Budget = MostSteps;
    }
}
