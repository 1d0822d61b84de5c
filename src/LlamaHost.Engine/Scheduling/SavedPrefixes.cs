namespace LlamaHost.Engine.Scheduling;

/// <summary>
/// What was computed and had to leave the cache: a radix tree over token ids whose nodes are blocks of at most <see cref="BlockTokens"/> tokens with
/// a copy
/// of their cells. A beginning that many share is kept once. The block whose last use is the longest ago goes first, and never before those that go
/// on from it.
/// Content of different salts is not shared.
/// </summary>
/// <param name="capacity">Most tokens kept.</param>
/// <param name="operations">Receives what has to be done for it.</param>
internal sealed class SavedPrefixes(int capacity, List<CacheOperation> operations)
{
    /// <summary>Small enough that little of a conversation is cut off, large enough that a long prompt is few copies.</summary>
    public const int BlockTokens = 64;

    private readonly Dictionary<string, SavedBlock> _roots = [];
    private readonly LinkedList<SavedBlock> _byUse = new();
    private long _clock;

    /// <summary>Tokens kept.</summary>
    public int Count { get; private set; }

    /// <summary>Most tokens kept; 0: none.</summary>
    public int Capacity => capacity;

    /// <summary>How many of the tokens' first can be copied back.</summary>
    public int Match(string salt, ReadOnlySpan<int> tokens)
    {
        if (!_roots.TryGetValue(salt, out SavedBlock? block))
            return 0;
        while (true)
        {
            (SavedBlock? child, int shared) = BestChild(block, tokens[block.End..]);
            if (child is null)
                return block.End;
            if (shared < BlockTokens)
                return child.Start + shared;
            block = child;
        }
    }

    /// <summary>Keeps a slot's content, as far as it isn't kept already.</summary>
    public void Save(string salt, int slot, ReadOnlySpan<int> content)
    {
        if (Capacity == 0)
            return;
        _clock++;
        SavedBlock root = _roots.GetValueOrDefault(salt) ?? new SavedBlock(salt);
        SavedBlock block = root;
        while (block.End < content.Length)
        {
            ReadOnlySpan<int> own = content.Slice(block.End, Math.Min(BlockTokens, content.Length - block.End));
            (SavedBlock? child, int shared) = BestChild(block, own);
            if (child is null || shared < own.Length)
            {
                child = Add(block, own, child is not null && shared == child.Tokens.Length ? child : null);
                if (child is null)
                    break;
                operations.Add(CacheOperation.Save(slot, child));
            }
            MarkUsed(child);
            if (child.Tokens.Length < BlockTokens)
                break;
            block = child;
        }
        if (root.Children.Count > 0)
            _roots[salt] = root;
    }

    /// <summary>Copies what can be found of the tokens to the end of a slot that holds the first <paramref name="from"/> of them.</summary>
    /// <param name="salt">Whose content.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="tokens">The tokens wanted, those that the slot holds included.</param>
    /// <param name="from">Tokens that the slot holds.</param>
    /// <param name="freeCells">Free cells. While a block is copied, all of its tokens need one.</param>
    /// <returns>The tokens that the slot then holds.</returns>
    public int Restore(string salt, int slot, ReadOnlySpan<int> tokens, int from, int freeCells)
    {
        _clock++;
        if (!_roots.TryGetValue(salt, out SavedBlock? block))
            return from;
        int held = from;
        while (true)
        {
            (SavedBlock? child, int shared) = BestChild(block, tokens[block.End..]);
            if (child is null)
                return held;
            MarkUsed(child);
            int end = child.Start + shared;
            if (end > held)
            {
                if (freeCells - (held - from) < child.Tokens.Length)
                    return held;
                operations.Add(CacheOperation.Restore(child, slot, held, end));
                held = end;
            }
            if (shared < BlockTokens)
                return held;
            block = child;
        }
    }

    private static (SavedBlock? Child, int Shared) BestChild(SavedBlock block, ReadOnlySpan<int> tokens)
    {
        SavedBlock? best = null;
        int longest = 0;
        foreach (SavedBlock child in block.Children)
        {
            int shared = tokens.CommonPrefixLength(child.Tokens);
            // Of equals the longer one: what ends earlier is taken up by it.
            if (shared > longest)
                (best, longest) = (child, shared);
        }
        return (best, longest);
    }

    // Null if there is no room for it.
    private SavedBlock? Add(SavedBlock parent, ReadOnlySpan<int> tokens, SavedBlock? continued)
    {
        // A last block that ended earlier is contained in this one.
        int more = tokens.Length - (continued?.Tokens.Length ?? 0);
        while (Count + more > capacity)
        {
            // What this operation uses itself must stay.
            if (_byUse.Last is not { } last || last.Value.LastUse == _clock || last.Value == continued)
                return null;
            Forget(last.Value);
        }
        if (continued is not null)
            Forget(continued);
        var block = new SavedBlock(parent, tokens.ToArray());
        parent.Children.Add(block);
        Count += tokens.Length;
        return block;
    }

    private void Forget(SavedBlock block)
    {
        SavedBlock parent = block.Parent!;
        parent.Children.Remove(block);
        if (parent is { Salt: { } salt, Children.Count: 0 })
            _roots.Remove(salt);
        _byUse.Remove(block.Place!);
        Count -= block.Tokens.Length;
        operations.Add(CacheOperation.Forget(block));
    }

    // Right behind the block that it goes on from: so none is the last in the order before those that go on from it.
    private void MarkUsed(SavedBlock block)
    {
        LinkedListNode<SavedBlock> place = block.Place!;
        if (place.List is not null)
            _byUse.Remove(place);
        if (block.Parent!.Place is { } parent)
            _byUse.AddAfter(parent, place);
        else
            _byUse.AddFirst(place);
        block.LastUse = _clock;
    }
}
