namespace LlamaHost.Engine.Scheduling;

/// <summary>
/// Who holds which cells of the unified KV cache, kept by our own books so that a batch is never built that the cache can't take.
/// One cell holds one token's keys and values; slots that were forked share the cells of their common beginning, as
/// <c>llama_memory_seq_cp</c> does. A slot is <em>busy</em> while a sequence computes in it and <em>idle</em> while its content is only
/// kept for reuse; what idle slots alone hold can be had back at any time.
/// </summary>
internal sealed class KvLedger
{
    private readonly int[] _holders;
    private readonly int[] _busyHolders;
    private readonly Stack<int> _free;
    private readonly List<int>[] _slots;
    private readonly bool[] _busy;
    private int _idleCells;

    /// <param name="cells">Cells of the cache.</param>
    /// <param name="slots">Slots that share them.</param>
    public KvLedger(int cells, int slots)
    {
        _holders = new int[cells];
        _busyHolders = new int[cells];
        _free = new Stack<int>(Enumerable.Range(0, cells).Reverse());
        _slots = [.. Enumerable.Range(0, slots).Select(_ => new List<int>())];
        _busy = new bool[slots];
    }

    /// <summary>Cells of the cache.</summary>
    public int Capacity => _holders.Length;

    /// <summary>Cells that nobody holds.</summary>
    public int Free => _free.Count;

    /// <summary>Cells that are free or held by idle slots alone.</summary>
    public int Available => _free.Count + _idleCells;

    /// <summary>Tokens in the slot.</summary>
    public int Length(int slot) => _slots[slot].Count;

    /// <summary>Takes <paramref name="count"/> free cells for the slot's next tokens.</summary>
    public void Append(int slot, int count)
    {
        if (count > _free.Count)
            throw new InvalidOperationException($"{count} cells wanted, {_free.Count} free.");
        for (int i = 0; i < count; i++)
        {
            int cell = _free.Pop();
            _slots[slot].Add(cell);
            Hold(cell, _busy[slot]);
        }
    }

    /// <summary>Lets an empty slot share the first <paramref name="length"/> cells of another.</summary>
    public void Fork(int source, int target, int length)
    {
        if (_slots[target].Count != 0)
            throw new InvalidOperationException($"Slot {target} is not empty.");
        for (int i = 0; i < length; i++)
        {
            int cell = _slots[source][i];
            _slots[target].Add(cell);
            Hold(cell, _busy[target]);
        }
    }

    /// <summary>Gives up the slot's cells from <paramref name="from"/> on.</summary>
    public void Truncate(int slot, int from)
    {
        List<int> cells = _slots[slot];
        for (int i = cells.Count - 1; i >= from; i--)
            Drop(cells[i], _busy[slot]);
        if (from < cells.Count)
            cells.RemoveRange(from, cells.Count - from);
    }

    /// <summary>Says whether a sequence computes in the slot.</summary>
    public void SetBusy(int slot, bool busy)
    {
        if (_busy[slot] == busy)
            return;
        _busy[slot] = busy;
        foreach (int cell in _slots[slot])
        {
            bool wasIdle = _busyHolders[cell] == 0;
            _busyHolders[cell] += busy ? 1 : -1;
            Recount(cell, wasIdle);
        }
    }

    private void Hold(int cell, bool busy)
    {
        bool wasIdle = IsIdle(cell);
        _holders[cell]++;
        if (busy)
            _busyHolders[cell]++;
        Recount(cell, wasIdle);
    }

    private void Drop(int cell, bool busy)
    {
        bool wasIdle = IsIdle(cell);
        _holders[cell]--;
        if (busy)
            _busyHolders[cell]--;
        Recount(cell, wasIdle);
        if (_holders[cell] == 0)
            _free.Push(cell);
    }

    private bool IsIdle(int cell) => _holders[cell] > 0 && _busyHolders[cell] == 0;

    private void Recount(int cell, bool wasIdle) => _idleCells += (IsIdle(cell) ? 1 : 0) - (wasIdle ? 1 : 0);
}
