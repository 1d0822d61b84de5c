using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Sampling.Processors;

/// <summary>
/// Penalises tokens that would lengthen a repetition, the more the longer it is. Source: llama.cpp's <c>dry</c> sampler. The end of the text is
/// compared with every place before it, as far back as the last breaker, by Gusfield's Z-algorithm on the reversed text: linear in its length.
/// </summary>
internal sealed class DryProcessor(DrySettings settings) : ILogitsProcessor
{
    // Logarithm of the largest float: a power beyond it is infinite.
    private const float LargestExponent = 88.7228391f;

    private readonly int[][] _breakers = [.. settings.Breakers.Select(one => one.ToArray())];
    private readonly HashSet<int> _singleBreakers = [.. settings.Breakers.Where(one => one.Count == 1).Select(one => one[0])];
    private readonly Dictionary<int, int> _repeats = [];
    private int[] _lengths = [];

    public void Apply(Span<float> scores, TokenHistory history)
    {
        ReadOnlySpan<int> text = settings.PenaltyLastN < 0 || settings.PenaltyLastN >= history.Tokens.Length
            ? history.Tokens
            : history.Tokens[^settings.PenaltyLastN..];
        int limit = LengthSinceBreaker(text);
        if (text.Length <= settings.AllowedLength || limit < settings.AllowedLength)
            return;
        FindRepeats(text, limit);
        int mostPower = settings.Base > 1.000001f ? (int)(LargestExponent / MathF.Log(settings.Base)) : int.MaxValue;
        foreach ((int token, int length) in _repeats)
        {
            if (!_singleBreakers.Contains(token))
                scores[token] -= settings.Multiplier * MathF.Pow(settings.Base, Math.Min(length - settings.AllowedLength, mostPower));
        }
    }

    // Tokens after the last breaker: no repetition reaches across it.
    private int LengthSinceBreaker(ReadOnlySpan<int> text)
    {
        for (int end = text.Length; end > 0; end--)
        {
            int longest = 0;
            foreach (int[] breaker in _breakers)
            {
                if (breaker.Length > longest && text[(end - 1)..].StartsWith(breaker))
                    longest = breaker.Length;
            }
            if (longest > 0)
                return text.Length - (end - 1) - longest;
        }
        return text.Length;
    }

    // For each place: how many tokens before it equal those at the end of the text. The token at that place would lengthen the repetition.
    private void FindRepeats(ReadOnlySpan<int> text, int limit)
    {
        int count = text.Length;
        if (_lengths.Length < count)
            _lengths = new int[count * 2];
        _repeats.Clear();
        int left = 0;
        int right = 0;
        for (int back = 1; back < count; back++)
        {
            int length = back < right ? Math.Min(right - back, _lengths[back - left]) : 0;
            while (back + length < count && text[count - 1 - length] == text[count - 1 - back - length])
                length++;
            _lengths[back] = length;
            if (back + length > right)
                (left, right) = (back, back + length);
            int repeat = Math.Min(length, limit);
            if (repeat < settings.AllowedLength)
                continue;
            int next = text[count - back];
            _repeats[next] = Math.Max(repeat, _repeats.GetValueOrDefault(next));
        }
    }
}
