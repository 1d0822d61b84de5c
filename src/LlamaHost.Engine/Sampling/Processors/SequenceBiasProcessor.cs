using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Sampling.Processors;

/// <summary>
/// Adds a bias to the last token of a sequence where its other tokens stand before. Source: <c>SequenceBiasLogitsProcessor</c>, of which
/// <c>NoBadWordsLogitsProcessor</c> is a case: a bias of minus infinity.
/// </summary>
internal sealed class SequenceBiasProcessor : ILogitsProcessor
{
    private readonly (int[] Prefix, int Last, float Bias)[] _biases;

    /// <param name="biases">Of those for equal tokens the last counts, as in a Python dictionary.</param>
    public SequenceBiasProcessor(IEnumerable<SequenceBias> biases) =>
        _biases = [.. biases.GroupBy(one => string.Join(',', one.Tokens)).Select(same => same.Last())
            .Select(one => (one.Tokens.SkipLast(1).ToArray(), one.Tokens[^1], one.Bias))];

    public void Apply(Span<float> scores, TokenHistory history)
    {
        foreach ((int[] prefix, int last, float bias) in _biases)
        {
            // A sequence as long as the history is compared, a longer one is not: as in the source.
            if (prefix.Length == 0 || (prefix.Length < history.Tokens.Length && history.Tokens.EndsWith(prefix)))
                scores[last] += bias;
        }
    }
}
