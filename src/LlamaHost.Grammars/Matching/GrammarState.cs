namespace LlamaHost.Grammars.Matching;

/// <summary>
/// Where a text stands in a grammar after the bytes so far: everything that may follow. Immutable, so that any number of sequences may hold it, and
/// found again: texts after which the same may follow share it, with what was worked out for it.
/// </summary>
public sealed class GrammarState
{
    internal GrammarState(int[] nodes, StackSet[] stacks, bool canEnd, int generation)
    {
        (Nodes, Stacks, CanEnd, Generation) = (nodes, stacks, canEnd, generation);
    }

    /// <summary>The state that nothing matches any more.</summary>
    public static GrammarState Dead { get; } = new([], [], canEnd: false, generation: 0);

    /// <summary>The text as it is matches the grammar.</summary>
    public bool CanEnd { get; }

    /// <summary>The text is no beginning of one that matches.</summary>
    public bool IsDead => Nodes.Length == 0 && !CanEnd;

    /// <summary>The text matches and no longer one does.</summary>
    public bool IsComplete => Nodes.Length == 0 && CanEnd;

    /// <summary>Nodes that take the next byte, in order.</summary>
    internal int[] Nodes { get; }

    /// <summary>For each of them, the ways back.</summary>
    internal StackSet[] Stacks { get; }

    /// <summary>When the tables below were filled; they count for nothing in another generation.</summary>
    internal int Generation { get; set; }

    /// <summary>By class of byte, the state after it, as far as it is known.</summary>
    internal GrammarState?[]? Next { get; set; }

    /// <summary>The tokens that may follow, if known.</summary>
    internal ulong[]? Mask { get; set; }
}
