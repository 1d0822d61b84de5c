namespace LlamaHost.Engine.Scheduling;

/// <summary>
/// Decides what each step computes. Pure bookkeeping: it knows tokens, slots and KV cells, but no model, thread or clock.
/// <para>
/// Computed tokens chase known ones. A step hands out a budget of tokens: one to every decoding sequence first, then chunks of what lags behind,
/// then to waiting sequences as far as slots and cells allow, always in <see cref="SchedulingOrder"/>. When cells run out, content kept for reuse
/// goes first and then the last running sequence in that order, which is computed again later. So the first in the order always gets on, and
/// whatever fits into the cache alone ends.
/// </para>
/// </summary>
internal sealed class Scheduler
{
    // Cells kept free per running sequence when another one is let in, so that it isn't preempted again a few steps later.
    private const int HeadroomPerSequence = 8;

    // Each sequence may want one row of logits per step; those that want more share this many, so that a long text which is scored never holds
    // its length times the vocabulary.
    private const int ExtraRows = 64;

    private readonly KvSpace _space;
    private readonly List<SchedulableSequence> _running = [];
    private readonly List<SchedulableSequence> _waiting = [];
    private readonly List<SchedulableSequence> _decoding = [];
    private readonly Step _step;
    private readonly DraftAdmission _drafts;
    private readonly PrefillPace _pace;
    private int _budget;
    private int _extraRows;
    private int _longPrompts;

    /// <param name="kvCells">Cells of the KV cache.</param>
    /// <param name="slots">Most sequences computed at the same time.</param>
    /// <param name="batchTokens">Most tokens of a step; more than slots, so that decodes never take all of it.</param>
    /// <param name="keepFinished">Keep what ended sequences computed for reuse by later ones.</param>
    /// <param name="savableTokens">Most tokens whose cells are saved outside the cache.</param>
    /// <param name="movesIdle">Save what is only kept for reuse at once, not only when the cache needs the room.</param>
    /// <param name="pace">How much of prompts a step with running sequences may have.</param>
    public Scheduler(int kvCells, int slots, int batchTokens, bool keepFinished, int savableTokens, bool movesIdle, PrefillPace pace)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(batchTokens, slots);
        _step = new Step(batchTokens);
        _pace = pace;
        _space = new KvSpace(kvCells, slots, keepFinished, savableTokens, movesIdle, _step.Operations);
        _drafts = new DraftAdmission(_space, Cost);
    }

    public IReadOnlyList<SchedulableSequence> Running => _running;

    public IReadOnlyList<SchedulableSequence> Waiting => _waiting;

    /// <summary>Cells that hold something, idle content included.</summary>
    public int CellsInUse => _space.CellsInUse;

    /// <summary>Cells that running sequences hold.</summary>
    public int BusyCells => _space.BusyCells;

    /// <summary>How the time of a step grows with its rows. What is known of it is for the caller to say.</summary>
    public StepCost Cost { get; } = new();

    public bool IsIdle => _running.Count == 0 && _waiting.Count == 0;

    public void Add(SchedulableSequence sequence) => Insert(_waiting, sequence);

    /// <summary>Ends a sequence.</summary>
    /// <param name="sequence">A sequence that was added.</param>
    /// <param name="keep">What it computed stays for reuse.</param>
    public void Remove(SchedulableSequence sequence, bool keep = true)
    {
        if (sequence.State == SequenceState.Running)
        {
            _running.Remove(sequence);
            _space.Release(sequence, keep);
        }
        else
        {
            _waiting.Remove(sequence);
        }
        sequence.State = SequenceState.Finished;
    }

    /// <summary>
    /// The next step. The caller carries out its cache operations, decodes the batch and calls <see cref="Commit"/> or <see cref="Rollback"/>
    /// before it calls anything else. Operations noted since the last step (of removed sequences) are among them.
    /// </summary>
    public Step Schedule()
    {
        _budget = _step.Batch.Capacity;
        _extraRows = ExtraRows;
        foreach (SchedulableSequence sequence in _running)
            _space.DropDrafts(sequence);
        // Over a copy: a reservation may preempt others.
        _decoding.Clear();
        _decoding.AddRange(_running);
        foreach (SchedulableSequence sequence in _decoding)
        {
            if (sequence.State == SequenceState.Running && sequence.Pending == 1)
                Reserve(sequence);
        }
        _longPrompts = _pace.TokensBeside(_step.Batch.Capacity - _budget);
        ServePrefills();
        // After it, because a conversation that goes on takes its cells over where they are.
        _space.SaveIdle();
        _drafts.Admit(_running, _step.Batch.Capacity - _budget, Math.Min(_budget, _extraRows));
        _step.Fill(_running);
        return _step;
    }

    /// <summary>Every token of the step is computed.</summary>
    public void Commit() => _step.Commit();

    /// <summary>Nothing of the step's batch is computed (its cache operations are carried out).</summary>
    public void Rollback() => _step.Rollback(_space);

    /// <summary>
    /// Frees cells after the cache refused a batch that our books said it would take: all idle content, or else the last running sequence.
    /// </summary>
    /// <returns>False if there was nothing left to free but one sequence alone, which then starts again from its log.</returns>
    public bool Relieve()
    {
        if (_space.EvictOldest())
        {
            while (_space.EvictOldest())
            {
            }
            return true;
        }
        bool others = _running.Count > 1;
        if (_running.Count > 0)
            Preempt(_running[^1]);
        return others;
    }

    private void Reserve(SchedulableSequence sequence)
    {
        bool isLong = sequence.Pending > _pace.ShortPrompt;
        int share = isLong ? Math.Min(_budget, _longPrompts) : _budget;
        int wanted = Math.Min(Math.Min(sequence.Pending, share), sequence.OutputsFrom - sequence.Computed + 1 + _extraRows);
        while (_space.Free < wanted)
        {
            if (_space.EvictOldest() || PreemptAwaiting(sequence, exceptSlot: sequence.Slot))
                continue;
            SchedulableSequence last = _running[^1];
            if (last != sequence)
                Preempt(last);
            else if (sequence.Pending == 1)
            {
                Preempt(sequence);
                return;
            }
            else
                wanted = _space.Free;
        }
        _space.Append(sequence, wanted);
        sequence.Scheduled = wanted;
        _budget -= wanted;
        if (isLong)
            _longPrompts -= wanted;
        _extraRows -= ExtraRowsOf(sequence);
    }

    // Sequences that lag behind, running or waiting, in their order. Each may preempt later ones, so both lists change behind the indices.
    private void ServePrefills()
    {
        int running = 0;
        int waiting = 0;
        while (_budget > 0)
        {
            while (running < _running.Count && IsServed(_running[running]))
                running++;
            while (waiting < _waiting.Count && _waiting[waiting].AwaitsOthers)
                waiting++;
            bool hasRunning = running < _running.Count;
            if (waiting < _waiting.Count && (!hasRunning || _waiting[waiting].Order < _running[running].Order))
            {
                SchedulableSequence sequence = _waiting[waiting];
                PrefixMatch match = _space.Find(sequence);
                if (match.SoonBetter || IsHeldBack(sequence.Known - match.Reusable))
                    waiting++;
                else if (TryAdmit(sequence, match.Source, match.Length))
                    Reserve(sequence);
                else
                    waiting = int.MaxValue;
            }
            else if (hasRunning)
            {
                Reserve(_running[running++]);
            }
            else
            {
                return;
            }
        }
    }

    private bool IsServed(SchedulableSequence sequence) => sequence.Pending <= 1 || sequence.Scheduled > 0 || IsHeldBack(sequence.Pending);

    // The step's share of long prompts is taken by those that come earlier.
    private bool IsHeldBack(int pending) => pending > _pace.ShortPrompt && _longPrompts <= 0;

    private bool TryAdmit(SchedulableSequence sequence, int source, int reusable)
    {
        int needed = sequence.Known - reusable;
        while (!HasRoom(needed, source, reusable))
        {
            if (PreemptAwaiting(sequence, source))
                continue;
            if (!PreemptAwaiting(sequence, exceptSlot: -1) && !PreemptLast(sequence, source, needed))
                return false;
            // The source itself may have had to go.
            (source, reusable, _, _) = _space.Find(sequence);
            needed = sequence.Known - reusable;
        }
        _space.Admit(sequence, source, reusable);
        _waiting.Remove(sequence);
        Insert(_running, sequence);
        sequence.State = SequenceState.Running;
        return true;
    }

    // A running sequence that comes later in the order makes room, if those that do hold enough.
    private bool PreemptLast(SchedulableSequence inFavourOf, int source, int needed)
    {
        if (_running.Count == 0 || _running[^1].Order <= inFavourOf.Order)
            return false;
        SchedulableSequence last = _running[^1];
        if (!CanPreemptFor(inFavourOf, last.Slot == source ? inFavourOf.Known : needed))
            return false;
        Preempt(last);
        return true;
    }

    private bool HasRoom(int needed, int source, int reusable)
    {
        if (_running.Count == _space.Slots)
            return false;
        int headroom = _running.Count(running => !running.AwaitsOthers) * HeadroomPerSequence;
        return _space.AvailableBeside(source, reusable) >= needed + headroom;
    }

    private bool CanPreemptFor(SchedulableSequence sequence, int needed)
    {
        int obtainable = _space.Available;
        for (int i = _running.Count - 1; i >= 0 && _running[i].Order > sequence.Order; i--)
            obtainable += _space.Length(_running[i]);
        return obtainable >= needed;
    }

    // A sequence that awaits others needs its cells later than the one that it waits for, or than one that comes earlier in the order.
    private bool PreemptAwaiting(SchedulableSequence inFavourOf, int exceptSlot)
    {
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            SchedulableSequence candidate = _running[i];
            if (!candidate.AwaitsOthers || candidate.Slot == exceptSlot || candidate == inFavourOf)
                continue;
            if (candidate.Order < inFavourOf.Order && !ReferenceEquals(candidate.Group, inFavourOf.Group))
                continue;
            Preempt(candidate);
            return true;
        }
        return false;
    }

    private void Preempt(SchedulableSequence sequence)
    {
        _budget += sequence.Scheduled;
        _extraRows += ExtraRowsOf(sequence);
        _running.Remove(sequence);
        _space.Preempt(sequence);
        sequence.State = SequenceState.Waiting;
        Insert(_waiting, sequence);
    }

    private static int ExtraRowsOf(SchedulableSequence sequence) =>
        Math.Max(0, sequence.Computed + sequence.Scheduled - sequence.OutputsFrom - 1);

    private static void Insert(List<SchedulableSequence> list, SchedulableSequence sequence)
    {
        int index = list.FindIndex(other => other.Order > sequence.Order);
        list.Insert(index < 0 ? list.Count : index, sequence);
    }
}
