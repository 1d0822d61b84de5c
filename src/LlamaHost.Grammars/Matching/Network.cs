namespace LlamaHost.Grammars.Matching;

/// <summary>What a node of a <see cref="Network"/> does.</summary>
internal enum NodeKind : byte
{
    /// <summary>Ends its rule: goes on where the rule was called.</summary>
    End,

    /// <summary>Nothing gets through.</summary>
    Never,

    /// <summary>Takes a byte of set A and goes on at B.</summary>
    Take,

    /// <summary>Goes on at A and at B.</summary>
    Split,

    /// <summary>Goes on at the beginning of rule A, and after its end at B.</summary>
    Call,
}

/// <summary>A step of matching.</summary>
internal readonly record struct NetworkNode(NodeKind Kind, int A, int B);

/// <summary>
/// A grammar as a recursive transition network over the bytes of UTF-8: one nondeterministic automaton per rule, that may call others. Immutable.
/// Source: Woods, "Transition network grammars for natural language analysis" (1970).
/// </summary>
internal sealed class Network
{
    public Network(NetworkNode[] nodes, ByteSet[] sets, int[] ruleStarts, IReadOnlySet<int> tokens)
    {
        (Nodes, Sets, RuleStarts, Tokens) = (nodes, sets, ruleStarts, tokens);
        (IsNullable, IsProductive) = (NetworkAnalysis.Nullable(this), NetworkAnalysis.Productive(this));
        if (NetworkAnalysis.HasLeftRecursion(this))
            throw new GrammarException("A rule begins with itself (left recursion); put what is repeated behind it instead.");
        if (!IsProductive[Start])
            throw new GrammarException("No text matches.");
        (ByteClasses, ClassCount) = Classify(sets);
    }

    public NetworkNode[] Nodes { get; }

    public ByteSet[] Sets { get; }

    public int[] RuleStarts { get; }

    /// <summary>Tokens without text that it takes, by their <see cref="TokenCode"/>.</summary>
    public IReadOnlySet<int> Tokens { get; }

    /// <summary>Where matching begins.</summary>
    public int Start => RuleStarts[0];

    /// <summary>Nodes from which the end of their rule can be reached without taking anything.</summary>
    public bool[] IsNullable { get; }

    /// <summary>Nodes from which the end of their rule can be reached. The others lead nowhere and are never entered.</summary>
    public bool[] IsProductive { get; }

    /// <summary>A number for each byte; bytes with the same one are in the same sets.</summary>
    public byte[] ByteClasses { get; }

    /// <summary>How many such numbers there are.</summary>
    public int ClassCount { get; }

    private static (byte[] Classes, int Count) Classify(ByteSet[] sets)
    {
        int[] classes = new int[256];
        int count = 1;
        foreach (ByteSet set in sets)
        {
            // Each class is cut in two: what is in the set, and what is not.
            var renumbered = new Dictionary<(int Class, bool IsIn), int>();
            for (int value = 0; value < 256; value++)
            {
                (int, bool) key = (classes[value], set.Contains(value));
                if (!renumbered.TryGetValue(key, out int number))
                    renumbered.Add(key, number = renumbered.Count);
                classes[value] = number;
            }
            count = renumbered.Count;
        }
        return ([.. classes.Select(one => (byte)one)], count);
    }
}
