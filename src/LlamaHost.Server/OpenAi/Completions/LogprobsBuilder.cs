using LlamaHost.Engine.Requests;

namespace LlamaHost.Server.OpenAi.Completions;

/// <summary>Puts the legacy log-probabilities of a choice together, whole or chunk by chunk.</summary>
/// <param name="top">Likely tokens at each place; 0: none.</param>
internal sealed class LogprobsBuilder(int top)
{
    private readonly List<string> _tokens = [];
    private readonly List<float?> _logprobs = [];
    private readonly List<IReadOnlyDictionary<string, float>?> _tops = [];
    private readonly List<int> _offsets = [];
    private int _offset;

    /// <summary>Adds a token.</summary>
    /// <param name="token">The token; without log-probability if it follows nothing.</param>
    /// <param name="text">What it adds to the choice's text.</param>
    /// <param name="own">Its own text, if that is known.</param>
    public void Add(TokenEvent token, string text, string? own = null)
    {
        own ??= OwnText(token) ?? text;
        _tokens.Add(own);
        _logprobs.Add(token.LogProb);
        _tops.Add(top > 0 && token.LogProb is { } logprob ? Top(token.Alternatives ?? [], own, logprob) : null);
        _offsets.Add(_offset);
        _offset += text.EnumerateRunes().Count();
    }

    /// <summary>What was added since the last time.</summary>
    public CompletionLogprobs Take()
    {
        var taken = new CompletionLogprobs
        {
            Tokens = [.. _tokens],
            TokenLogprobs = [.. _logprobs],
            TopLogprobs = [.. _tops],
            TextOffset = [.. _offsets],
        };
        _tokens.Clear();
        _logprobs.Clear();
        _tops.Clear();
        _offsets.Clear();
        return taken;
    }

    // Where a token's own text is known: what became certain with it may be less or more.
    private static string? OwnText(TokenEvent token)
    {
        foreach (TokenLogProb one in token.Alternatives ?? [])
        {
            if (one.Id == token.Id)
                return one.Text;
        }
        return null;
    }

    // Several tokens can have one text, such as parts of characters; the likeliest stands for them.
    private static Dictionary<string, float> Top(IReadOnlyList<TokenLogProb> likely, string own, float logprob)
    {
        Dictionary<string, float> tops = new(likely.Count + 1, StringComparer.Ordinal);
        foreach (TokenLogProb one in likely)
            tops.TryAdd(one.Text, one.LogProb);
        tops.TryAdd(own, logprob);
        return tops;
    }
}
