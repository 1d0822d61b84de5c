namespace LlamaHost.Grammars.Automata;

/// <summary>A nondeterministic automaton over characters, made of a grammar's part that calls no rules.</summary>
internal sealed class CharNfa
{
    private const int End = 0;

    private readonly List<State> _states = [new(CharSet.None, -1, -1)];

    private readonly record struct State(CharSet Characters, int Next, int Other);

    public CharNfa(GrammarNode node) => Start = Build(node, End);

    public int Start { get; }

    /// <summary>Code points at which some set of characters begins or has just ended: between two of them all characters are alike.</summary>
    public int[] Boundaries() =>
        [.. _states.SelectMany(state => state.Characters.Ranges).SelectMany(range => (int[])[range.First, range.Last + 1])
            .Append(0).Where(first => first <= CharSet.MaxCodePoint).Distinct().Order()];

    /// <summary>Follows what takes no character.</summary>
    /// <returns>States that take one, in order, and <see langword="true"/> if the end is among what is reached.</returns>
    public (int[] States, bool Accepts) Close(IEnumerable<int> states)
    {
        Stack<int> open = new(states);
        HashSet<int> seen = [.. open];
        List<int> taking = [];
        while (open.TryPop(out int number))
        {
            State state = _states[number];
            if (state.Characters.IsEmpty)
            {
                foreach (int next in (int[])[state.Next, state.Other])
                {
                    if (next >= 0 && seen.Add(next))
                        open.Push(next);
                }
            }
            else
            {
                taking.Add(number);
            }
        }
        taking.Sort();
        return ([.. taking], seen.Contains(End));
    }

    /// <summary>Where a character leads.</summary>
    public IEnumerable<int> After(int[] states, int codePoint) =>
        states.Where(state => _states[state].Characters.Contains(codePoint)).Select(state => _states[state].Next).Distinct();

    private int Build(GrammarNode node, int next)
    {
        switch (node)
        {
            case TextNode text:
                foreach (System.Text.Rune rune in text.Value.EnumerateRunes().Reverse())
                    next = Add(CharSet.Of(rune.Value), next, -1);
                return next;
            case CharNode { Characters.IsEmpty: true } or ChoiceNode { Options: [] }:
                return Add(CharSet.None, -1, -1);
            case CharNode characters:
                return Add(characters.Characters, next, -1);
            case SequenceNode sequence:
                for (int part = sequence.Parts.Length - 1; part >= 0; part--)
                    next = Build(sequence.Parts[part], next);
                return next;
            case ChoiceNode choice:
                return choice.Options.Select(option => Build(option, next)).ToArray().Aggregate((one, other) => Add(CharSet.None, one, other));
            case RepeatNode repeat:
                return Repeat(repeat, next);
            default:
                throw new ArgumentOutOfRangeException(nameof(node), node, "It calls a rule.");
        }
    }

    private int Repeat(RepeatNode repeat, int next)
    {
        if (repeat.Most is { } most)
        {
            int after = next;
            for (int count = repeat.Least; count < most; count++)
                next = Add(CharSet.None, Build(repeat.Part, next), after);
        }
        else
        {
            int loop = Add(CharSet.None, next, -1);
            _states[loop] = new State(CharSet.None, next, Build(repeat.Part, loop));
            next = loop;
        }
        for (int count = 0; count < repeat.Least; count++)
            next = Build(repeat.Part, next);
        return next;
    }

    private int Add(CharSet characters, int next, int other)
    {
        if (_states.Count >= GrammarLimits.MaxNodes / 10)
            throw new GrammarException("The condition on a text becomes too large.");
        _states.Add(new State(characters, next, other));
        return _states.Count - 1;
    }
}
