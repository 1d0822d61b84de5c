using LlamaHost.Engine.Sampling;
using LlamaHost.Grammars.Matching;

namespace LlamaHost.Engine.Constraints;

/// <summary>A request's grammar: what its tokens, those that end a sequence among them, come to under it.</summary>
/// <param name="matcher">The grammar for the model's vocabulary.</param>
/// <param name="eosTokens">Tokens that end a sequence and stay in its text, if they are no special ones.</param>
/// <param name="stopTokens">Tokens that end a sequence and leave its text as it is.</param>
internal sealed class GrammarConstraint(GrammarMatcher matcher, int[] eosTokens, int[] stopTokens)
{
    private readonly GrammarMatcher _matcher = matcher;

    /// <summary>Before any token.</summary>
    /// <param name="stripsSpace">The text's first space is dropped, as SentencePiece has it where no text stands before.</param>
    public ConstraintState Start(bool stripsSpace) => new(this, _matcher.Start, stripsSpace);

    /// <summary>The state after a token that ends nothing.</summary>
    public GrammarState After(GrammarState state, int token, bool stripsSpace)
    {
        ReadOnlySpan<byte> bytes = _matcher.Vocabulary.Bytes(token);
        return _matcher.Advance(state, stripsSpace && bytes[0] == ' ' ? bytes[1..] : bytes);
    }

    /// <summary>Whether a token may follow.</summary>
    public bool Allows(GrammarState state, int token, bool stripsSpace)
    {
        if (eosTokens.Contains(token))
            return _matcher.Vocabulary.HasText(token) ? After(state, token, stripsSpace).CanEnd : state.CanEnd;
        return stopTokens.Contains(token) ? state.CanEnd : !After(state, token, stripsSpace).IsDead;
    }

    /// <summary>Sets the bits of the tokens that may follow and clears all others.</summary>
    public void Mark(GrammarState state, Span<ulong> mask, bool stripsSpace)
    {
        ReadOnlySpan<ulong> known = _matcher.Mask(state).Span;
        mask.Clear();
        known.CopyTo(mask);
        // Once in a sequence, and with few models.
        for (int token = 0; stripsSpace && token < _matcher.Vocabulary.Vocabulary; token++)
        {
            if (_matcher.Vocabulary.Bytes(token) is [(byte)' ', ..])
                Mark(mask, token, Allows(state, token, stripsSpace));
        }
        foreach (int token in eosTokens)
            Mark(mask, token, Allows(state, token, stripsSpace));
        foreach (int token in stopTokens)
            Mark(mask, token, Allows(state, token, stripsSpace));
    }

    private static void Mark(Span<ulong> mask, int token, bool isAllowed)
    {
        if (isAllowed)
            BitMask.Set(mask, token);
        else
            BitMask.Clear(mask, token);
    }
}

/// <summary>Where a sequence stands in its request's grammar. A function of its tokens: rebuilt from a log, and copied with a beam.</summary>
/// <param name="Constraint">The grammar.</param>
/// <param name="State">What may follow.</param>
/// <param name="StripsSpace">A space at the beginning of the next token is dropped.</param>
internal readonly record struct ConstraintState(GrammarConstraint Constraint, GrammarState State, bool StripsSpace)
{
    /// <summary>The text matches, and nothing may follow it.</summary>
    public bool IsComplete => State.IsComplete;

    /// <summary>The state after a token.</summary>
    public ConstraintState After(int token) => this with { State = Constraint.After(State, token, StripsSpace), StripsSpace = false };

    /// <summary>Whether a token may follow.</summary>
    public bool Allows(int token) => Constraint.Allows(State, token, StripsSpace);

    /// <summary>Sets the bits of the tokens that may follow and clears all others.</summary>
    public void Mark(Span<ulong> mask) => Constraint.Mark(State, mask, StripsSpace);

    /// <summary>How many of the tokens may follow one after the other.</summary>
    public int CountAllowed(ReadOnlySpan<int> tokens)
    {
        ConstraintState state = this;
        for (int count = 0; count < tokens.Length; count++)
        {
            if (!state.Allows(tokens[count]))
                return count;
            state = state.After(tokens[count]);
        }
        return tokens.Length;
    }
}
