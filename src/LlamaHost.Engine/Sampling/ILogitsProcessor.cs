namespace LlamaHost.Engine.Sampling;

/// <summary>
/// Changes the scores over the whole vocabulary before a token is chosen, in greedy and beam search too. A function of scores and history alone, so
/// that one serves all sequences of a request and nothing needs to be kept when a sequence is forked or rebuilt.
/// </summary>
internal interface ILogitsProcessor
{
    /// <param name="scores">One per token id: logits, or log-probabilities in beam search.</param>
    /// <param name="history">The tokens so far.</param>
    void Apply(Span<float> scores, TokenHistory history);
}

/// <summary>Changes or narrows what can be drawn. Applied in Hugging Face's order, each to what the one before it left.</summary>
internal interface IWarper
{
    /// <param name="candidates">What can be drawn.</param>
    void Apply(CandidateSet candidates);
}
