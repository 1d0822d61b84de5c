namespace LlamaHost.Engine.Scheduling;

/// <summary>
/// The KV cache as the scheduler sees it: cells, slots that hold them, and what left the cache but is saved. Decides where content lies, not whose
/// turn it is.
/// </summary>
internal sealed class KvSpace
{
    // Copying back takes about as long as computing this many tokens together with others.
    private const int WorthRestoring = 8;

    private readonly bool _movesIdle;
    private readonly KvLedger _ledger;
    private readonly SavedPrefixes _saved;
    private readonly SlotTable _slots;

    /// <param name="cells">Cells of the KV cache.</param>
    /// <param name="slots">Most sequences computed at the same time.</param>
    /// <param name="keepFinished">Keep what ended sequences computed for reuse by later ones.</param>
    /// <param name="savableTokens">Most tokens whose cells are saved outside the cache.</param>
    /// <param name="movesIdle">Move what is only kept for reuse out of the cache at once, as far as it can be saved.</param>
    /// <param name="operations">Receives what the executor has to do.</param>
    public KvSpace(int cells, int slots, bool keepFinished, int savableTokens, bool movesIdle, List<CacheOperation> operations)
    {
        _movesIdle = movesIdle;
        _ledger = new KvLedger(cells, slots);
        _saved = new SavedPrefixes(keepFinished ? savableTokens : 0, operations);
        _slots = new SlotTable(_ledger, _saved, slots, keepFinished, operations);
    }

    /// <summary>Most sequences computed at the same time.</summary>
    public int Slots => _slots.Count;

    /// <summary>Cells that nobody holds.</summary>
    public int Free => _ledger.Free;

    /// <summary>Cells that are free or hold only what is kept for reuse.</summary>
    public int Available => _ledger.Available;

    /// <summary>Cells that hold something, idle content included.</summary>
    public int CellsInUse => _ledger.Capacity - _ledger.Free;

    /// <summary>Cells that running sequences hold.</summary>
    public int BusyCells => _ledger.Capacity - _ledger.Available;

    /// <summary>Cells that a running sequence holds, alone or with others.</summary>
    public int Length(SchedulableSequence sequence) => _ledger.Length(sequence.Slot);

    /// <inheritdoc cref="PrefixSearch.Find"/>
    public PrefixMatch Find(SchedulableSequence sequence) => PrefixSearch.Find(_slots, _saved, sequence);

    /// <summary>Cells that could be had for a sequence that shares the first tokens of a slot (−1: of none).</summary>
    public int AvailableBeside(int source, int reusable)
    {
        // Sharing from an idle slot makes cells busy that count as available now.
        bool isIdle = source >= 0 && _slots.Owner(source) is null;
        return _ledger.Available - (isIdle ? reusable : 0);
    }

    /// <summary>Gives a slot to a sequence, with the first tokens that another slot holds and what is saved of those after them.</summary>
    public void Admit(SchedulableSequence sequence, int source, int reusable)
    {
        int slot = _slots.FindEmpty();
        bool sourceIsIdle = source >= 0 && _slots.Owner(source) is null;
        if (slot < 0 && !(sourceIsIdle && _slots.FindOldestIdle(except: source) < 0))
        {
            _slots.Evict(_slots.FindOldestIdle(except: source));
            slot = _slots.FindEmpty();
        }
        if (source < 0)
            _slots.Occupy(slot, sequence, 0);
        else if (sourceIsIdle && (slot < 0 || _slots.Content(source).Length == reusable))
            _slots.Occupy(source, sequence, reusable);
        else
            _slots.OccupyFork(source, slot, sequence, reusable);
        Restore(sequence);
        if (sequence.Reused < 0)
            sequence.Reused = Math.Min(sequence.Computed, sequence.PromptLength);
    }

    /// <summary>Takes free cells for a sequence's next tokens.</summary>
    public void Append(SchedulableSequence sequence, int count) => _ledger.Append(sequence.Slot, count);

    /// <summary>Gives up the cells of what a sequence has not computed.</summary>
    public void Truncate(SchedulableSequence sequence) => _ledger.Truncate(sequence.Slot, sequence.Computed);

    /// <summary>Frees the cells of a sequence's guessed tokens that were not chosen.</summary>
    public void DropDrafts(SchedulableSequence sequence) => _slots.DropDrafts(sequence);

    /// <summary>Takes the slot from a sequence that ended.</summary>
    public void Release(SchedulableSequence sequence, bool keep) => _slots.Release(sequence, keep);

    /// <summary>Takes slot and cells from a sequence that will be computed again; what it computed is saved as far as there is memory.</summary>
    public void Preempt(SchedulableSequence sequence)
    {
        int slot = sequence.Slot;
        _slots.Release(sequence, keep: true);
        _slots.Evict(slot);
    }

    /// <summary>Frees the idle slot whose last use is the longest ago.</summary>
    /// <returns>Whether there was one.</returns>
    public bool EvictOldest()
    {
        int slot = _slots.FindOldestIdle();
        if (slot < 0)
            return false;
        _slots.Evict(slot);
        return true;
    }

    /// <summary>
    /// Moves idle content out of the cache where it would make each step dearer: some hundred cells of a sequence that ended lie scattered among
    /// those of others, and attention runs over all up to the last one in use. In the host's memory it is as good for reuse, and copying a
    /// thousand tokens takes about two milliseconds.
    /// </summary>
    public void SaveIdle()
    {
        while (_movesIdle && _slots.FindOldestIdle(longest: _saved.Capacity) is >= 0 and int slot)
            _slots.Evict(slot);
    }

    private void Restore(SchedulableSequence sequence)
    {
        int more = _saved.Match(sequence.Salt, sequence.Tokens[..sequence.OutputsFrom]) - sequence.Computed;
        if (more < WorthRestoring)
            return;
        // While a block is copied, all of its tokens need a cell.
        while (_ledger.Free < more + SavedPrefixes.BlockTokens && EvictOldest())
        {
        }
        _slots.Restore(sequence);
    }
}
