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

    /// <param name="grammar">The grammar.</param>
    /// <param name="vocabulary">The model's vocabulary.</param>
    /// <exception cref="GrammarException">
    /// No text matches, a rule begins with itself, the grammar is too large, or it names a token that isn't one, or one that has a text.
    /// </exception>
    public GrammarMatcher(Grammar grammar, TokenTrie vocabulary)
    {
        ArgumentNullException.ThrowIfNull(grammar);
        ArgumentNullException.ThrowIfNull(vocabulary);
        Vocabulary = vocabulary;
        Network network = NetworkBuilder.Build(grammar);
        foreach (int token in network.Tokens)
        {
            if (token >= vocabulary.Vocabulary)
                throw new GrammarException($"<[{token}]> is no token; the vocabulary has {vocabulary.Vocabulary}.");
            if (vocabulary.HasText(token))
                throw new GrammarException($"<[{token}]> is a token with a text; the text is to be written instead.");
        }
        _automaton = Automaton(network);
    }

    /// <summary>The model's vocabulary.</summary>
    public TokenTrie Vocabulary { get; }

    /// <summary>Before any text.</summary>
    public GrammarState Start => _automaton.Start;

    /// <summary>Checks a grammar as the constructor does, without a vocabulary.</summary>
    /// <exception cref="GrammarException">No text matches, a rule begins with itself, or the grammar is too large.</exception>
    public static void Check(Grammar grammar)
    {
        ArgumentNullException.ThrowIfNull(grammar);
        Automaton(NetworkBuilder.Build(grammar));
    }

    /// <summary>The state after more text; <see cref="GrammarState.Dead"/> if it can't follow.</summary>
    /// <param name="state">A state of this matcher.</param>
    /// <param name="bytes">UTF-8, possibly part of a character, or what <see cref="TokenTrie.Bytes"/> gives.</param>
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

    /// <summary>A bit for each token id, in words of 64: set for tokens that can follow.</summary>
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
            ulong[] mask = new ulong[(Vocabulary.Vocabulary + 63) / 64];
            if (state.IsDead)
                return mask;
            try
            {
                Vocabulary.Mark(_automaton, state, mask);
            }
            catch (TooAmbiguousException)
            {
                return default;
            }
            _automaton.Remember(mask.Length);
            return state.Mask = mask;
        }
    }

    private static GrammarAutomaton Automaton(Network network)
    {
        try
        {
            return new GrammarAutomaton(network, MostSteps);
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
