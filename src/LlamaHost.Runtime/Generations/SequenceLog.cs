using LlamaHost.Engine.Requests;

namespace LlamaHost.Runtime.Generations;

/// <summary>The tokens of one sequence so far, and when they came.</summary>
/// <param name="resumed">Tokens that the request came with.</param>
/// <param name="isFinished">It ended before the request came.</param>
internal sealed class SequenceLog(IReadOnlyList<int> resumed, bool isFinished)
{
    private readonly List<int> _tokens = [.. resumed];
    private long? _firstTokenAt;
    private long _lastTokenAt;

    /// <summary>Token ids chosen so far.</summary>
    public IReadOnlyList<int> Tokens => _tokens;

    /// <summary>Nothing follows.</summary>
    public bool IsFinished { get; private set; } = isFinished;

    /// <summary>Takes in what a worker sent, at that time.</summary>
    public void Append(SequenceEvent step, long now)
    {
        if (step.Tokens.Count > 0)
        {
            for (int i = 0; i < step.Tokens.Count; i++)
                _tokens.Add(step.Tokens[i].Id);
            _firstTokenAt ??= now;
            _lastTokenAt = now;
        }
        IsFinished = step.Finish is not null;
    }

    /// <summary>
    /// A worker's figures as the client knows the request: from its admission, whichever workers computed it. Of a worker that died only
    /// what the host saw is known: queue and prefill are not told apart then.
    /// </summary>
    public SequenceUsage Complete(SequenceUsage usage, long openedAt, long submittedAt, TimeProvider time)
    {
        if (_firstTokenAt is not { } first || first >= submittedAt)
            return usage with { Queue = usage.Queue + time.GetElapsedTime(openedAt, submittedAt) };
        return usage with
        {
            Queue = TimeSpan.Zero,
            Prefill = time.GetElapsedTime(openedAt, first),
            Decode = time.GetElapsedTime(first, _lastTokenAt),
        };
    }

    /// <summary>Ends a sequence that no worker computes any more.</summary>
    public SequenceFinish Cancel(int promptTokens)
    {
        IsFinished = true;
        var usage = new SequenceUsage(promptTokens, CachedTokens: 0, _tokens.Count, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
        return new SequenceFinish(FinishReason.Cancelled, "", usage);
    }
}
