using LlamaHost.Engine.Execution;

namespace LlamaHost.Engine.Text;

/// <summary>
/// Notices stop texts that stay in the text: a sequence ends with the token in which one ends, wherever it began, in the prompt too. The names of
/// special tokens count as text, whether the answer leaves them out or not. Source: Hugging Face's <c>StopStringCriteria</c>.
/// </summary>
internal sealed class KeptStopMatcher
{
    private readonly IReadOnlyList<string> _stopTexts;
    private readonly StreamingDetokenizer _detokenizer;
    private readonly int _reach;
    private string _tail = "";

    /// <param name="stopTexts">None is empty.</param>
    /// <param name="tokenizer">The model's vocabulary.</param>
    public KeptStopMatcher(IReadOnlyList<string> stopTexts, ITokenizer tokenizer)
    {
        _stopTexts = stopTexts;
        _detokenizer = new StreamingDetokenizer(tokenizer, skipSpecial: false);
        _reach = stopTexts.Count == 0 ? 0 : stopTexts.Max(stop => stop.Length) - 1;
    }

    /// <summary>A copy in the same state.</summary>
    public KeptStopMatcher(KeptStopMatcher other) =>
        (_stopTexts, _detokenizer, _reach, _tail) = (other._stopTexts, new StreamingDetokenizer(other._detokenizer), other._reach, other._tail);

    /// <summary>The stop text that ends with this token, if any does.</summary>
    public string? Push(int token)
    {
        if (_stopTexts.Count == 0)
            return null;
        string text = _tail + _detokenizer.Push(token);
        string? found = null;
        foreach (string stop in _stopTexts)
        {
            // What ended before this token is over.
            int from = Math.Max(0, _tail.Length - stop.Length + 1);
            if (text.IndexOf(stop, from, StringComparison.Ordinal) >= 0)
                found ??= stop;
        }
        _tail = text[Math.Max(0, text.Length - _reach)..];
        return found;
    }
}
