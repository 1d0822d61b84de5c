namespace LlamaHost.Engine.Requests;

/// <summary>
/// One prompt, the settings under which it is continued, and the tokens chosen so far: everything that a generation is.
/// Whatever else an engine keeps for it (KV cells, partial text, penalties) is derived from this and can be rebuilt.
/// </summary>
public sealed record GenerationRequest
{
    /// <summary>Names the request in events and cancellations. Unique among the engine's open requests.</summary>
    public required string Id { get; init; }

    /// <summary>Token ids of the prompt, special tokens included. At least one.</summary>
    public required IReadOnlyList<int> PromptTokens { get; init; }

    /// <summary>
    /// Encoder-decoder models: token ids of the text that the encoder reads; <see cref="PromptTokens"/> is then what the decoder starts from, usually
    /// <see cref="ModelDescription.DecoderStartTokenId"/> alone. Empty for models without encoder.
    /// </summary>
    public IReadOnlyList<int> EncoderTokens { get; init; } = [];

    /// <summary>Number of independent continuations (Hugging Face: <c>num_return_sequences</c>). 1 or more; the prompt is computed once.</summary>
    public int SequenceCount { get; init; } = 1;

    /// <summary>
    /// Where all random numbers come from. Sequence <c>i</c> draws by <see cref="SequenceSeed"/> and its step number alone, so it does not
    /// depend on how many siblings it has or on what else runs.
    /// </summary>
    public ulong Seed { get; init; }

    /// <summary>How the next token is chosen.</summary>
    public SamplingSettings Sampling { get; init; } = SamplingSettings.Greedy;

    /// <summary>
    /// Beam search: the sequences are then the best that it finds, best first, and come when it ends. <see langword="null"/>: each sequence on its
    /// own.
    /// </summary>
    public BeamSettings? Beams { get; init; }

    /// <summary>
    /// Continuations that are given instead of chosen, one per sequence, to learn how likely the model takes them for. Each token comes with its
    /// log-probability after the prompt and those before it; sampling, beams and stops do not apply. None is empty, unless <see cref="LogProbs"/>
    /// asks for the tokens that are likely next. <see langword="null"/>: tokens are chosen.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>>? Continuations { get; init; }

    /// <summary>
    /// A grammar in GBNF that the text of every sequence matches, unless it is cut by its length or a stop text. No processor or warper beats it. A
    /// sequence that no text can follow any more ends with <see cref="FinishReason.Stop"/>. Not with given continuations. <see langword="null"/>:
    /// any text.
    /// </summary>
    public string? Grammar { get; init; }

    /// <summary>When a sequence ends.</summary>
    public StopSettings Stop { get; init; } = new();

    /// <summary>
    /// Guess tokens from each sequence's own text and verify several at once. Changes speed alone, not the tokens. No effect with beams, guidance or
    /// given continuations. <see langword="null"/>: as <see cref="EngineSettings.Speculation"/> says.
    /// </summary>
    public PromptLookupSettings? PromptLookup { get; init; }

    /// <summary>Leave special tokens out of the text (Hugging Face: <c>skip_special_tokens</c>). They stay in the token log.</summary>
    public bool SkipSpecialTokens { get; init; } = true;

    /// <summary>Requests with a lower number are computed before those with a higher one, and preempt them when cells run out.</summary>
    public int Priority { get; init; }

    /// <summary>
    /// What others computed is reused only where their salt is the same: who shares a server with others can't learn from the time to the first token
    /// what they asked.
    /// </summary>
    public string CacheSalt { get; init; } = "";

    /// <summary>
    /// <see langword="null"/>: no log-probabilities. 0: that of each chosen token. n &gt; 0: also the n most likely alternatives.
    /// They are of the raw distribution, before any processor or warper. At most <see cref="MaxLogProbs"/>.
    /// </summary>
    public int? LogProbs { get; init; }

    /// <summary>
    /// Tokens already chosen, one list per sequence (an empty list: none yet; <see langword="null"/>: none for any). They are not
    /// emitted again, and what follows them is what would have followed had the generation never stopped.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>>? Resume { get; init; }

    /// <summary>
    /// Indices of sequences that ended before the request was handed over again: they are not generated and bring no events.
    /// Not all of them.
    /// </summary>
    public IReadOnlyList<int> FinishedSequences { get; init; } = [];

    /// <summary>
    /// Key of one sequence's counter-based random numbers, and the seed that would make it the first sequence of a request of its own. That of
    /// the first sequence is <see cref="Seed"/>; the others' are below 2^53, so that every JSON reader keeps them whole.
    /// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014), SplitMix64.
    /// </summary>
    /// <param name="index">Index of the sequence, from 0.</param>
    public ulong SequenceSeed(int index)
    {
        if (index == 0)
            return Seed;
        ulong bits = unchecked(Seed + ((ulong)index * 0x9E3779B97F4A7C15));
        bits = unchecked((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9);
        bits = unchecked((bits ^ (bits >> 27)) * 0x94D049BB133111EB);
        return (bits ^ (bits >> 31)) >> 11;
    }

    /// <summary>
    /// Sequences that an engine computes at the same time for the request while so many of its own have not ended: every beam whatever the number
    /// returned, and one more for each that is guided away from a negative prompt.
    /// </summary>
    /// <param name="open">Sequences that have not ended, 0 to <see cref="SequenceCount"/>.</param>
    public int ComputedSequences(int open)
    {
        if (open == 0 || Continuations is not null)
            return open;
        return Beams is { } beams ? beams.Count : Sampling.GuidanceScale == 1 ? open : (int)Math.Min(int.MaxValue, 2L * open);
    }

    /// <summary>The largest <see cref="LogProbs"/> accepted.</summary>
    public const int MaxLogProbs = 20;
}
