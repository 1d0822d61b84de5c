namespace LlamaHost.Engine.Sampling.Processors;

/// <summary>
/// Divides positive and multiplies negative scores of every token that occurred, once each. Source: <c>RepetitionPenaltyLogitsProcessor</c>; with the
/// inverse penalty and the source text, <c>EncoderRepetitionPenaltyLogitsProcessor</c>.
/// </summary>
/// <param name="penalty">Above 0.</param>
/// <param name="ofSource">Look at the source text instead of the sequence.</param>
/// <param name="vocabulary">Number of token ids.</param>
internal sealed class RepetitionPenaltyProcessor(float penalty, bool ofSource, int vocabulary) : ILogitsProcessor
{
    private readonly bool[] _done = new bool[vocabulary];

    public void Apply(Span<float> scores, TokenHistory history)
    {
        ReadOnlySpan<int> tokens = ofSource ? history.Source : history.Tokens;
        foreach (int token in tokens)
        {
            if (_done[token])
                continue;
            _done[token] = true;
            scores[token] = scores[token] < 0 ? scores[token] * penalty : scores[token] / penalty;
        }
        foreach (int token in tokens)
            _done[token] = false;
    }
}
