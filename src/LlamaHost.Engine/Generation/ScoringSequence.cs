using LlamaHost.Engine.Scheduling;

namespace LlamaHost.Engine.Generation;

/// <summary>
/// One given continuation. All its tokens are known from the beginning, and the logits of every position are wanted that a token not yet scored
/// follows. The last token itself is computed only where the prediction after it is wanted.
/// </summary>
internal sealed class ScoringSequence : SchedulableSequence, IRequestSequence
{
    private readonly IReadOnlyList<int> _continuation;
    private readonly bool _isNextWanted;

    /// <param name="request">The request it belongs to.</param>
    /// <param name="index">Its index there.</param>
    /// <param name="order">Place in the service order.</param>
    public ScoringSequence(EngineRequest request, int index, SchedulingOrder order)
        : base(request, order, request.Prompt, request.Prompt.Length + request.Request.Continuations![index].Count)
    {
        Request = request;
        Salt = request.Request.CacheSalt;
        Index = index;
        _continuation = request.Request.Continuations[index];
        _isNextWanted = request.Request.LogProbs > 0;
        foreach (int token in _isNextWanted ? _continuation : _continuation.SkipLast(1))
            Append(token);
        Scored = request.Request.Resume?[index].Count ?? 0;
        OutputsFrom = PromptLength - 1 + Scored;
    }

    public EngineRequest Request { get; }

    public int Index { get; }

    /// <summary>Tokens whose log-probability is known.</summary>
    public int Scored { get; private set; }

    /// <summary>Nothing more is wanted of the model.</summary>
    public bool IsComplete => Scored == _continuation.Count && !_isNextWanted;

    /// <summary>The next token to be scored; <see langword="null"/>: the prediction after the last is what is wanted.</summary>
    public int? Next => Scored < _continuation.Count ? _continuation[Scored] : null;

    /// <summary>When its first token was scored by this engine, or 0.</summary>
    public long FirstScored { get; private set; }

    /// <summary>When its last token was scored by this engine, or 0.</summary>
    public long LastScored { get; private set; }

    /// <summary>The next token is scored.</summary>
    public void Advance(long now)
    {
        Scored++;
        OutputsFrom++;
        if (FirstScored == 0)
            FirstScored = now;
        LastScored = now;
    }
}
