namespace LlamaHost.Grammars.Matching;

/// <summary>
/// Follows texts through a network byte by byte, in all ways at once. States are made when a text comes to them and kept, so that a grammar becomes a
/// deterministic automaton as far as it is used. Not thread-safe.
/// </summary>
internal sealed class GrammarAutomaton
{
    // What is remembered before everything is forgotten and begun anew, in entries of 8 bytes or so each.
    private const int MostRemembered = 4_000_000;

    private readonly Network _network;
    private readonly StackSets _stacks = new();
    private readonly Dictionary<StateKey, GrammarState> _states = [];
    private readonly Dictionary<int, StackSet> _reached = [];
    private readonly Stack<(int Node, StackSet Stacks)> _open = new();
    private int _generation = 1;
    private long _remembered;

    /// <param name="network">The grammar.</param>
    /// <param name="budget">As <see cref="Budget"/> says, for the first state.</param>
    /// <exception cref="TooAmbiguousException">The budget does not reach.</exception>
    public GrammarAutomaton(Network network, long budget)
    {
        (_network, Budget) = (network, budget);
        Enter(network.Start, _stacks.Bottom);
        Start = Reach();
    }

    /// <summary>Before the first byte.</summary>
    public GrammarState Start { get; }

    /// <summary>Steps that may still be done before an operation is given up: a grammar may be so ambiguous that it takes for ever.</summary>
    public long Budget { get; set; }

    /// <summary>Takes note of memory that is kept with the states.</summary>
    public void Remember(int entries) => _remembered += entries;

    /// <summary>
    /// Forgets all states if they take much memory. Not to be called while states are being worked with: their tables are begun anew.
    /// </summary>
    public void Tidy()
    {
        if (_remembered + (4L * _stacks.Count) < MostRemembered)
            return;
        _states.Clear();
        _stacks.Forget();
        _remembered = 0;
        _generation++;
    }

    /// <summary>The state's tables are of use.</summary>
    public void Refresh(GrammarState state)
    {
        if (state.Generation == _generation || state.IsDead)
            return;
        (state.Next, state.Mask, state.Generation) = (null, null, _generation);
    }

    /// <summary>The state after one more byte; <see cref="GrammarState.Dead"/> if it can't follow.</summary>
    public GrammarState After(GrammarState state, byte value)
    {
        int number = _network.ByteClasses[value];
        if (state.Next is { } known && state.Generation == _generation && known[number] is { } next)
            return next;
        return Find(state, value, number);
    }

    private GrammarState Find(GrammarState state, byte value, int number)
    {
        if (state.Nodes.Length == 0)
            return GrammarState.Dead;
        Refresh(state);
        if (state.Next is null)
        {
            state.Next = new GrammarState?[_network.ClassCount];
            Remember(_network.ClassCount);
        }
        for (int i = 0; i < state.Nodes.Length; i++)
        {
            NetworkNode node = _network.Nodes[state.Nodes[i]];
            if (_network.Sets[node.A].Contains(value))
                Enter(node.B, state.Stacks[i]);
        }
        Budget -= state.Nodes.Length;
        GrammarState next = Reach();
        state.Next[number] = next;
        return next;
    }

    private void Enter(int node, StackSet stacks)
    {
        if (!_network.IsProductive[node])
            return;
        if (_reached.TryGetValue(node, out StackSet? known))
        {
            StackSet both = _stacks.Union(known, stacks);
            if (both == known)
                return;
            _reached[node] = both;
        }
        else
        {
            _reached.Add(node, stacks);
        }
        _open.Push((node, stacks));
    }

    // Follows what takes no byte until only nodes are left that take one.
    private GrammarState Reach()
    {
        bool canEnd = false;
        while (_open.TryPop(out (int Node, StackSet Stacks) at))
        {
            if (--Budget < 0)
                throw Abandon();
            NetworkNode node = _network.Nodes[at.Node];
            switch (node.Kind)
            {
                case NodeKind.End:
                    canEnd |= at.Stacks.HasBottom;
                    Budget -= at.Stacks.Frames.Length;
                    foreach (StackFrame frame in at.Stacks.Frames)
                        Enter(frame.Return, frame.Below);
                    break;
                case NodeKind.Split:
                    Enter(node.A, at.Stacks);
                    Enter(node.B, at.Stacks);
                    break;
                case NodeKind.Call when _network.IsProductive[node.B]:
                    // A call at a rule's end needs no way back to there. So right recursion takes no room.
                    bool isLast = _network.Nodes[node.B].Kind == NodeKind.End;
                    if (isLast || at.Stacks.Height < GrammarLimits.MaxStack)
                        Enter(_network.RuleStarts[node.A], isLast ? at.Stacks : _stacks.Push(node.B, at.Stacks));
                    break;
            }
        }
        GrammarState state = Intern(canEnd);
        _reached.Clear();
        return state;
    }

    private TooAmbiguousException Abandon()
    {
        _open.Clear();
        _reached.Clear();
        return new TooAmbiguousException();
    }

    private GrammarState Intern(bool canEnd)
    {
        int[] nodes = [.. _reached.Keys.Where(node => _network.Nodes[node].Kind == NodeKind.Take).Order()];
        if (nodes.Length == 0 && !canEnd)
            return GrammarState.Dead;
        StackSet[] stacks = [.. nodes.Select(node => _reached[node])];
        var key = new StateKey(nodes, stacks, canEnd);
        if (_states.TryGetValue(key, out GrammarState? state))
            return state;
        state = new GrammarState(nodes, stacks, canEnd, _generation);
        _states.Add(key, state);
        Remember((2 * nodes.Length) + 16);
        return state;
    }

    private readonly struct StateKey(int[] nodes, StackSet[] stacks, bool canEnd) : IEquatable<StateKey>
    {
        private readonly int[] _nodes = nodes;
        private readonly StackSet[] _stacks = stacks;
        private readonly bool _canEnd = canEnd;

        public bool Equals(StateKey other) =>
            _canEnd == other._canEnd && _nodes.AsSpan().SequenceEqual(other._nodes) && _stacks.AsSpan().SequenceEqual(other._stacks);

        public override bool Equals(object? obj) => obj is StateKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(_canEnd);
            for (int i = 0; i < _nodes.Length; i++)
            {
                hash.Add(_nodes[i]);
                hash.Add(_stacks[i].Number);
            }
            return hash.ToHashCode();
        }
    }
}

/// <summary>A grammar has so many ways to match a text that following them takes too long.</summary>
internal sealed class TooAmbiguousException() : Exception("The grammar has too many ways to match the text.");
