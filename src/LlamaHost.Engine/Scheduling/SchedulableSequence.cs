namespace LlamaHost.Engine.Scheduling;

/// <summary>
/// What the scheduler knows of a sequence: its known tokens (prompt and chosen ones) and how many of them are computed, that is, in the KV cache.
/// A sequence whose known tokens are all computed but the last is decoding; one that lags further behind is in prefill. There is no other
/// difference between the two.
/// </summary>
internal class SchedulableSequence
{
    private int[] _tokens;
    private int _outputsFrom = -1;

    /// <param name="group">Sequences of one group start from the same prompt, which is computed once.</param>
    /// <param name="order">Place in the service order.</param>
    /// <param name="prompt">Token ids of the prompt.</param>
    /// <param name="capacity">Tokens expected in all, so that the log need not grow.</param>
    public SchedulableSequence(object group, SchedulingOrder order, IReadOnlyList<int> prompt, int capacity)
    {
        Group = group;
        Order = order;
        PromptLength = Known = prompt.Count;
        _tokens = new int[Math.Max(capacity, prompt.Count)];
        for (int i = 0; i < prompt.Count; i++)
            _tokens[i] = prompt[i];
    }

    /// <summary>A sequence that goes on from another one's tokens; nothing of it is computed yet.</summary>
    /// <param name="other">Where it comes from.</param>
    /// <param name="capacity">Tokens expected in all.</param>
    public SchedulableSequence(SchedulableSequence other, int capacity)
    {
        (Group, Salt, Order, PromptLength, Known) = (other.Group, other.Salt, other.Order, other.PromptLength, other.Known);
        _tokens = new int[Math.Max(capacity, other.Known)];
        other.Tokens.CopyTo(_tokens);
    }

    public object Group { get; }

    /// <summary>Computed content is shared only between sequences with the same salt.</summary>
    public string Salt { get; init; } = "";

    public SchedulingOrder Order { get; }

    public int PromptLength { get; }

    public int Known { get; private set; }

    /// <summary>Leading tokens whose keys and values are in the cache.</summary>
    public int Computed { get; internal set; }

    /// <summary>Tokens put into the step that is being built or decoded.</summary>
    public int Scheduled { get; internal set; }

    /// <summary>Prompt tokens that were taken from another slot when the sequence first started; −1 before that.</summary>
    public int Reused { get; internal set; } = -1;

    /// <summary>The KV slot held, or −1.</summary>
    public int Slot { get; internal set; } = -1;

    public SequenceState State { get; internal set; }

    public int Pending => Known - Computed;

    /// <summary>Tokens guessed to follow the known ones, which the step that is being built or sampled verifies.</summary>
    public int Drafted { get; internal set; }

    /// <summary>Guessed tokens that were computed.</summary>
    public int ComputedDrafts { get; internal set; }

    /// <summary>Of these, those that turned out to be the ones chosen.</summary>
    public int AcceptedDrafts { get; private set; }

    /// <summary>
    /// The first position whose logits are wanted; those of every later one are wanted as well. Unless set, that is the last known token's. What
    /// comes before it may be shared with other sequences, it itself is always computed.
    /// </summary>
    public int OutputsFrom
    {
        get => _outputsFrom < 0 ? Known - 1 : _outputsFrom;
        protected set => _outputsFrom = value;
    }

    /// <summary>
    /// Its logits were taken and its next token depends on other sequences (the beams of one search): until that token is appended there is nothing
    /// to compute for it, whether it still holds its slot or not.
    /// </summary>
    public bool AwaitsOthers { get; set; }

    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Known);

    /// <summary>The known tokens and the guessed ones behind them.</summary>
    internal ReadOnlySpan<int> TokensWithDrafts => _tokens.AsSpan(0, Known + Drafted);

    /// <summary>Guesses what follows the known tokens.</summary>
    /// <param name="most">Most tokens that the step has room for.</param>
    /// <param name="expected">What the step is expected to bring: guessed is what it gains by.</param>
    internal void Draft(int most, StepYield expected) => Drafted = Guess(_tokens.AsSpan(Known, Math.Min(most, _tokens.Length - Known)), expected);

    /// <summary>Guesses what follows the known tokens; a sequence does so that can be verified token by token.</summary>
    /// <param name="drafts">Gets the tokens.</param>
    /// <param name="expected">What the step is expected to bring.</param>
    /// <returns>How many there are.</returns>
    protected virtual int Guess(Span<int> drafts, StepYield expected) => 0;

    /// <summary>
    /// Appends a chosen token to the log. If it was guessed, it is computed already, and the next guess stands; else nothing that was guessed counts.
    /// </summary>
    public void Append(int token)
    {
        if (Drafted > 0 && _tokens[Known] == token)
        {
            Drafted--;
            AcceptedDrafts++;
            Computed++;
        }
        else
        {
            Drafted = 0;
        }
        if (Known == _tokens.Length)
            Array.Resize(ref _tokens, _tokens.Length * 2);
        _tokens[Known++] = token;
        AwaitsOthers = false;
    }
}
