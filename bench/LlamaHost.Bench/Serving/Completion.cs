using System.Diagnostics;

namespace LlamaHost.Bench.Serving;

/// <summary>What came back for one request, and when. The dialect that reads the stream fills it.</summary>
/// <param name="due">When the request was to be sent, as a timestamp of <see cref="Stopwatch"/>: what a client waits for its turn counts.</param>
internal sealed class Completion(long due)
{
    private readonly List<long> _arrivals = [];
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the first token, or with what kept it from coming.</summary>
    public Task Started => _started.Task;

    /// <summary>Tokens that came, as the server counts them at the end.</summary>
    public int NewTokens { get; private set; }

    /// <summary>Tokens of the prompt, as the server counts them; 0 where it doesn't say.</summary>
    public int PromptTokens { get; private set; }

    /// <summary>Tokens of the prompt that the server had computed before.</summary>
    public int CachedTokens { get; private set; }

    /// <summary>Why the request failed, or null.</summary>
    public string? Error { get; private set; }

    /// <summary>When the first token came, as a timestamp; 0 before that.</summary>
    public long FirstArrival => _arrivals.Count == 0 ? 0 : _arrivals[0];

    /// <summary>When something with tokens came, as timestamps.</summary>
    public IReadOnlyList<long> Arrivals => _arrivals;

    /// <summary>From when it was due to its first token.</summary>
    public TimeSpan TimeToFirstToken => Stopwatch.GetElapsedTime(due, FirstArrival);

    /// <summary>From when it was due to its last token.</summary>
    public TimeSpan Duration => Stopwatch.GetElapsedTime(due, _arrivals.Count == 0 ? due : _arrivals[^1]);

    /// <summary>Average time per token after the first.</summary>
    public TimeSpan TimePerToken => NewTokens < 2 ? TimeSpan.Zero : (Duration - TimeToFirstToken) / (NewTokens - 1);

    /// <summary>When the event that is being read came.</summary>
    public long Now { get; set; }

    /// <summary>An event with tokens came.</summary>
    public void TokensArrived()
    {
        _arrivals.Add(Now);
        _started.TrySetResult();
    }

    /// <summary>What the server says about a sequence, or about all of them, at the end.</summary>
    public void Finished(int newTokens, int promptTokens, int cachedTokens)
    {
        NewTokens += newTokens;
        PromptTokens = promptTokens;
        CachedTokens = cachedTokens;
    }

    public void Failed(string error)
    {
        Error ??= error;
        _started.TrySetResult();
    }

    /// <summary>From one event with tokens to the next, as timestamps.</summary>
    public IEnumerable<(long Start, long End)> Gaps() => _arrivals.Zip(_arrivals.Skip(1));
}
