namespace LlamaHost.Engine.Sampling.Processors;

/// <summary>
/// Forbids tokens that would complete a sequence of n tokens that occurred. Source: <c>NoRepeatNGramLogitsProcessor</c>; looking at the source text,
/// <c>EncoderNoRepeatNGramLogitsProcessor</c>.
/// </summary>
/// <param name="size">n, above 0.</param>
/// <param name="ofSource">Sequences of the source text instead of this one.</param>
internal sealed class NoRepeatNgramProcessor(int size, bool ofSource) : ILogitsProcessor
{
    public void Apply(Span<float> scores, TokenHistory history)
    {
        int prefixLength = size - 1;
        if (history.Tokens.Length < prefixLength)
            return;
        ReadOnlySpan<int> prefix = history.Tokens[^prefixLength..];
        ReadOnlySpan<int> tokens = ofSource ? history.Source : history.Tokens;
        while (tokens.Length > prefixLength && tokens[..^1].IndexOf(prefix) is >= 0 and int start)
        {
            scores[tokens[start + prefixLength]] = float.NegativeInfinity;
            tokens = tokens[(start + 1)..];
        }
    }
}
