namespace LlamaHost.Engine.Scheduling;

/// <summary>
/// The KV slots: which sequence computes in each, and what the idle ones still hold. Content of ended sequences stays until its cells or its
/// slot are needed, oldest use first, so that a prompt which begins like an earlier one need not be computed again. Every change of the
/// cache is booked in the ledger and noted for the executor.
/// </summary>
internal sealed class SlotTable(KvLedger ledger, SavedPrefixes saved, int slots, bool keepFinished, List<CacheOperation> operations)
{
    private readonly SchedulableSequence?[] _owners = new SchedulableSequence?[slots];
    private readonly string[] _salts = [.. Enumerable.Repeat("", slots)];
    private readonly int[][] _kept = [.. Enumerable.Repeat(Array.Empty<int>(), slots)];
    private readonly long[] _lastUse = new long[slots];
    private long _clock;

    public int Count => _owners.Length;

    public SchedulableSequence? Owner(int slot) => _owners[slot];

    /// <summary>The computed tokens that the slot holds.</summary>
    public ReadOnlySpan<int> Content(int slot) =>
        _owners[slot] is { } owner ? owner.Tokens[..owner.Computed] : _kept[slot];

    /// <summary>Whether the slot's content may be shared with a sequence.</summary>
    public bool IsOpenTo(int slot, SchedulableSequence sequence) => _salts[slot] == sequence.Salt;

    /// <summary>An empty slot, or −1.</summary>
    public int FindEmpty()
    {
        for (int slot = 0; slot < _owners.Length; slot++)
        {
            if (_owners[slot] is null && _kept[slot].Length == 0)
                return slot;
        }
        return -1;
    }

    /// <summary>The idle slot with content, of at most so many tokens, whose last use is the longest ago, or −1.</summary>
    public int FindOldestIdle(int except = -1, int longest = int.MaxValue)
    {
        int oldest = -1;
        for (int slot = 0; slot < _owners.Length; slot++)
        {
            if (slot != except && _kept[slot].Length > 0 && _kept[slot].Length <= longest && (oldest < 0 || _lastUse[slot] < _lastUse[oldest]))
                oldest = slot;
        }
        return oldest;
    }

    /// <summary>Empties an idle slot. What it holds is saved as far as there is memory for it.</summary>
    public void Evict(int slot)
    {
        if (_kept[slot].Length == 0)
            return;
        saved.Save(_salts[slot], slot, _kept[slot]);
        Clear(slot);
    }

    /// <summary>Gives an idle slot, and the first <paramref name="length"/> tokens that it holds, to a sequence.</summary>
    public void Occupy(int slot, SchedulableSequence sequence, int length)
    {
        if (_kept[slot].Length > length)
        {
            saved.Save(_salts[slot], slot, _kept[slot]);
            ledger.Truncate(slot, length);
            operations.Add(CacheOperation.Truncate(slot, length));
        }
        _kept[slot] = [];
        _owners[slot] = sequence;
        _salts[slot] = sequence.Salt;
        _lastUse[slot] = ++_clock;
        ledger.SetBusy(slot, true);
        sequence.Slot = slot;
        sequence.Computed = length;
    }

    /// <summary>Gives an empty slot to a sequence, sharing the first <paramref name="length"/> tokens of another slot.</summary>
    public void OccupyFork(int source, int target, SchedulableSequence sequence, int length)
    {
        ledger.Fork(source, target, length);
        operations.Add(CacheOperation.Fork(source, target, length));
        _lastUse[source] = ++_clock;
        Occupy(target, sequence, length);
    }

    /// <summary>Copies what was computed earlier and is saved to the slot of a sequence that just got it; as much as there are free cells
    /// for.</summary>
    public void Restore(SchedulableSequence sequence)
    {
        int held = saved.Restore(sequence.Salt, sequence.Slot, sequence.Tokens[..sequence.OutputsFrom], sequence.Computed, ledger.Free);
        ledger.Append(sequence.Slot, held - sequence.Computed);
        sequence.Computed = held;
    }

    /// <summary>Frees the cells of guessed tokens that were not chosen.</summary>
    public void DropDrafts(SchedulableSequence sequence)
    {
        sequence.Drafted = 0;
        if (ledger.Length(sequence.Slot) == sequence.Computed)
            return;
        ledger.Truncate(sequence.Slot, sequence.Computed);
        operations.Add(CacheOperation.Truncate(sequence.Slot, sequence.Computed));
    }

    /// <summary>Takes the slot from its sequence. What it computed is kept for reuse if <paramref name="keep"/> says so, else freed.</summary>
    public void Release(SchedulableSequence sequence, bool keep)
    {
        int slot = sequence.Slot;
        DropDrafts(sequence);
        ledger.SetBusy(slot, false);
        _owners[slot] = null;
        _lastUse[slot] = ++_clock;
        if (keep && keepFinished && sequence.Computed > 0)
            _kept[slot] = sequence.Tokens[..sequence.Computed].ToArray();
        else
            Clear(slot);
        sequence.Slot = -1;
        sequence.Computed = 0;
        sequence.Scheduled = 0;
    }

    private void Clear(int slot)
    {
        _kept[slot] = [];
        ledger.Truncate(slot, 0);
        operations.Add(CacheOperation.Truncate(slot, 0));
    }
}
