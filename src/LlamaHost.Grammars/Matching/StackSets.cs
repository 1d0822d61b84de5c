namespace LlamaHost.Grammars.Matching;

/// <summary>Makes sets of stacks, each only once.</summary>
internal sealed class StackSets
{
    private readonly Dictionary<(int, StackSet), StackSet> _pushed = [];
    private readonly Dictionary<(StackSet, StackSet), StackSet> _unions = [];
    private readonly Dictionary<Key, StackSet> _known = [];
    private long _next = 1;

    /// <summary>The empty stack alone.</summary>
    public StackSet Bottom { get; } = new(0, hasBottom: true, []);

    /// <summary>How many sets and unions are remembered.</summary>
    public int Count => _known.Count + _unions.Count;

    /// <summary>Each of the stacks with a call on top.</summary>
    public StackSet Push(int returnTo, StackSet below)
    {
        if (!_pushed.TryGetValue((returnTo, below), out StackSet? set))
            _pushed.Add((returnTo, below), set = Make(hasBottom: false, [new StackFrame(returnTo, below)]));
        return set;
    }

    /// <summary>The stacks of both.</summary>
    public StackSet Union(StackSet one, StackSet other)
    {
        if (one == other)
            return one;
        (StackSet first, StackSet second) = one.Number < other.Number ? (one, other) : (other, one);
        if (!_unions.TryGetValue((first, second), out StackSet? union))
            _unions.Add((first, second), union = Make(first.HasBottom || second.HasBottom, Merge(first.Frames, second.Frames)));
        return union;
    }

    /// <summary>Forgets what was made. Sets in use stay valid; equal ones may then exist twice.</summary>
    public void Forget()
    {
        _pushed.Clear();
        _unions.Clear();
        _known.Clear();
    }

    private StackFrame[] Merge(StackFrame[] one, StackFrame[] other)
    {
        List<StackFrame> merged = new(one.Length + other.Length);
        int i = 0;
        int j = 0;
        while (i < one.Length || j < other.Length)
        {
            if (j == other.Length || (i < one.Length && one[i].Return < other[j].Return))
                merged.Add(one[i++]);
            else if (i == one.Length || one[i].Return > other[j].Return)
                merged.Add(other[j++]);
            else
                merged.Add(new StackFrame(one[i].Return, Union(one[i++].Below, other[j++].Below)));
        }
        return [.. merged];
    }

    private StackSet Make(bool hasBottom, StackFrame[] frames)
    {
        var key = new Key(hasBottom, frames);
        if (!_known.TryGetValue(key, out StackSet? set))
            _known.Add(key, set = new StackSet(_next++, hasBottom, frames));
        return set;
    }

    private readonly struct Key(bool hasBottom, StackFrame[] frames) : IEquatable<Key>
    {
        private readonly bool _hasBottom = hasBottom;
        private readonly StackFrame[] _frames = frames;

        public bool Equals(Key other) => _hasBottom == other._hasBottom && _frames.AsSpan().SequenceEqual(other._frames);

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(_hasBottom);
            foreach (StackFrame frame in _frames)
            {
                hash.Add(frame.Return);
                hash.Add(frame.Below.Number);
            }
            return hash.ToHashCode();
        }
    }
}
