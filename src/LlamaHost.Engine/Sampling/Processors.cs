using System.Collections;

namespace LlamaHost.Engine.Sampling;

/// <summary>Changes a sequence's scores over the whole vocabulary before a token is chosen, in greedy search too.</summary>
internal interface ILogitsProcessor
{
    /// <summary>Takes note of a token of the prompt or the continuation.</summary>
    void Observe(int token)
    {
    }

    /// <param name="scores">One per token id.</param>
    /// <param name="newTokens">Tokens chosen so far.</param>
    void Apply(Span<float> scores, int newTokens);
}

/// <summary>
/// Divides positive and multiplies negative scores of every token that occurred, once each. Source: <c>RepetitionPenaltyLogitsProcessor</c>.
/// </summary>
internal sealed class RepetitionPenaltyProcessor(float penalty, int vocabulary) : ILogitsProcessor
{
    private readonly BitArray _seen = new(vocabulary);
    private readonly List<int> _distinct = [];

    public void Observe(int token)
    {
        if (_seen[token])
            return;
        _seen[token] = true;
        _distinct.Add(token);
    }

    public void Apply(Span<float> scores, int newTokens)
    {
        foreach (int token in _distinct)
            scores[token] = scores[token] < 0 ? scores[token] * penalty : scores[token] / penalty;
    }
}

/// <summary>Forbids end and stop tokens before the least number of new tokens. Source: <c>MinNewTokensLengthLogitsProcessor</c>.</summary>
internal sealed class MinNewTokensProcessor(int minNewTokens, int[] endTokens) : ILogitsProcessor
{
    public void Apply(Span<float> scores, int newTokens)
    {
        if (newTokens >= minNewTokens)
            return;
        foreach (int token in endTokens)
            scores[token] = float.NegativeInfinity;
    }
}
