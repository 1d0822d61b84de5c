namespace LlamaHost.Grammars.Automata;

/// <summary>
/// A deterministic automaton over characters: a set of texts that can be cut with others and complemented. Total: every character leads somewhere.
/// Immutable.
/// </summary>
internal sealed class CharDfa
{
    // A class of characters begins at each of these code points and goes up to the next.
    private readonly int[] _classes;
    private readonly int[] _next;
    private readonly bool[] _accepts;

    private CharDfa(int[] classes, int[] next, bool[] accepts) => (_classes, _next, _accepts) = (classes, next, accepts);

    /// <summary>The texts of a part that calls no rules.</summary>
    /// <exception cref="GrammarException">The automaton becomes too large.</exception>
    public static CharDfa Of(GrammarNode node)
    {
        var nfa = new CharNfa(node);
        int[] classes = nfa.Boundaries();
        // Subset construction. Source: Rabin and Scott, "Finite automata and their decision problems" (1959).
        (int[] States, bool Accepts) start = nfa.Close([nfa.Start]);
        return Build(classes, Key(start), key => key[0] == 1, (key, number) => Key(nfa.Close(nfa.After(key[1..], classes[number]))));

        static int[] Key((int[] States, bool Accepts) one) => [one.Accepts ? 1 : 0, .. one.States];
    }

    /// <summary>The texts of digits whose number can be divided.</summary>
    public static CharDfa MultipleOf(int divisor) => Build(
        [0, .. Enumerable.Range('0', 11)], [0], key => key[0] == 0,
        (key, number) => number is 0 or 11 || key[0] < 0 ? [-1] : [((key[0] * 10) + number - 1) % divisor]);

    /// <summary>The texts of both.</summary>
    public CharDfa And(CharDfa other)
    {
        int[] classes = [.. _classes.Union(other._classes).Order()];
        int[] own = [.. classes.Select(first => ClassOf(_classes, first))];
        int[] others = [.. classes.Select(first => ClassOf(other._classes, first))];
        return Build(
            classes, [0, 0], key => _accepts[key[0]] && other._accepts[key[1]],
            (key, number) => [_next[(key[0] * _classes.Length) + own[number]], other._next[(key[1] * other._classes.Length) + others[number]]]);
    }

    /// <summary>All other texts.</summary>
    public CharDfa Not() => new(_classes, _next, [.. _accepts.Select(accepts => !accepts)]);

    /// <summary>Whether it has no text.</summary>
    public bool IsEmpty => !Live()[0];

    /// <summary>Whether a text is one of its.</summary>
    public bool Contains(string text)
    {
        int state = 0;
        foreach (System.Text.Rune rune in text.EnumerateRunes())
            state = _next[(state * _classes.Length) + ClassOf(_classes, rune.Value)];
        return _accepts[state];
    }

    /// <summary>Rules that stand for its texts.</summary>
    /// <param name="builder">Gets the rules.</param>
    /// <param name="hint">What their names begin with.</param>
    /// <param name="character">How a character of a set is written.</param>
    public GrammarNode ToNode(GrammarBuilder builder, string hint, Func<CharSet, GrammarNode> character)
    {
        CharDfa least = Minimize();
        bool[] isLive = least.Live();
        if (!isLive[0])
            return GrammarNode.Never;
        var names = new string?[least._accepts.Length];
        for (int state = 0; state < names.Length; state++)
            names[state] = isLive[state] ? builder.Reserve(hint) : null;
        var written = new Dictionary<CharSet, GrammarNode>();
        for (int state = 0; state < names.Length; state++)
        {
            if (names[state] is not { } name)
                continue;
            List<GrammarNode> ways = least._accepts[state] ? [GrammarNode.Empty] : [];
            foreach ((int target, CharSet set) in least.Ways(state))
            {
                if (names[target] is not { } then)
                    continue;
                if (!written.TryGetValue(set, out GrammarNode? node))
                    written.Add(set, node = character(set));
                ways.Add(GrammarNode.Sequence(node, GrammarNode.Rule(then)));
            }
            builder.Spend(ways.Count);
            builder.Fill(name, GrammarNode.Choice(ways));
        }
        return GrammarNode.Rule(names[0]!);
    }

    private IEnumerable<(int Target, CharSet Set)> Ways(int state) =>
        from number in Enumerable.Range(0, _classes.Length)
        let last = number + 1 < _classes.Length ? _classes[number + 1] - 1 : CharSet.MaxCodePoint
        group CharSet.Range(_classes[number], last) by _next[(state * _classes.Length) + number] into sets
        let set = CharSet.Union(sets)
        where !set.IsEmpty
        select (sets.Key, set);

    // States from which an accepting one can be reached.
    private bool[] Live()
    {
        List<int>[] before = [.. _accepts.Select(_ => new List<int>())];
        for (int i = 0; i < _next.Length; i++)
            before[_next[i]].Add(i / _classes.Length);
        bool[] isLive = [.. _accepts];
        Stack<int> open = new(Enumerable.Range(0, isLive.Length).Where(state => isLive[state]));
        while (open.TryPop(out int state))
        {
            foreach (int one in before[state])
            {
                if (isLive[one])
                    continue;
                isLive[one] = true;
                open.Push(one);
            }
        }
        return isLive;
    }

    // Source: Moore, "Gedanken-experiments on sequential machines" (1956): states are parted until equals lead to equals.
    private CharDfa Minimize()
    {
        int[] parts = [.. _accepts.Select(accepts => accepts == _accepts[0] ? 0 : 1)];
        int count = parts.Max() + 1;
        int[] key = new int[_classes.Length + 1];
        while (true)
        {
            var numbers = new Dictionary<int[], int>(IntArrayComparer.Instance);
            int[] finer = new int[parts.Length];
            for (int state = 0; state < parts.Length; state++)
            {
                key[^1] = parts[state];
                for (int number = 0; number < _classes.Length; number++)
                    key[number] = parts[_next[(state * _classes.Length) + number]];
                if (!numbers.TryGetValue(key, out finer[state]))
                    numbers.Add([.. key], finer[state] = numbers.Count);
            }
            parts = finer;
            if (numbers.Count == count)
                break;
            count = numbers.Count;
        }
        int[] next = new int[count * _classes.Length];
        bool[] accepts = new bool[count];
        for (int state = 0; state < parts.Length; state++)
        {
            accepts[parts[state]] = _accepts[state];
            for (int number = 0; number < _classes.Length; number++)
                next[(parts[state] * _classes.Length) + number] = parts[_next[(state * _classes.Length) + number]];
        }
        return new CharDfa(_classes, next, accepts);
    }

    private static int ClassOf(int[] classes, int codePoint)
    {
        int place = Array.BinarySearch(classes, codePoint);
        return place >= 0 ? place : ~place - 1;
    }

    private static CharDfa Build(int[] classes, int[] start, Func<int[], bool> accepts, Func<int[], int, int[]> after)
    {
        var numbers = new Dictionary<int[], int>(IntArrayComparer.Instance) { [start] = 0 };
        List<int[]> states = [start];
        List<int> next = [];
        long work = 0;
        for (int state = 0; state < states.Count; state++)
        {
            for (int number = 0; number < classes.Length; number++)
            {
                int[] key = after(states[state], number);
                if (!numbers.TryGetValue(key, out int target))
                {
                    numbers.Add(key, target = states.Count);
                    states.Add(key);
                }
                next.Add(target);
            }
            work += (long)states[state].Length * classes.Length;
            if (Math.Max(work, (long)states.Count * classes.Length) > GrammarLimits.MaxAutomaton)
                throw new GrammarException("The conditions on a text are too much together.");
        }
        return new CharDfa(classes, [.. next], [.. states.Select(accepts)]);
    }
}
