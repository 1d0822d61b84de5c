using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Generation;

/// <summary>The events of one step, until they are published together.</summary>
internal sealed class StepResults(TimeProvider time, LoadReport load, Action<StepEvents> publish)
{
    private readonly List<SequenceEvent> _events = [];

    /// <summary>A sequence gained a token.</summary>
    public void Add(EngineRequest request, int index, TokenEvent token)
    {
        // A step may bring several tokens of a sequence, one after the other: they travel together.
        if (Last(request, index) is not { } last)
            _events.Add(new SequenceEvent { RequestId = request.Request.Id, SequenceIndex = index, Tokens = [token] });
        else if (last.Tokens is List<TokenEvent> tokens)
            tokens.Add(token);
        else
            _events[^1] = last with { Tokens = new List<TokenEvent> { last.Tokens[0], token } };
    }

    /// <summary>A sequence ended, with the tokens that no event has brought yet.</summary>
    public void End(EngineRequest request, int index, IReadOnlyList<TokenEvent> tokens, SequenceFinish finish)
    {
        if (Last(request, index) is { } last)
            _events[^1] = last with { Tokens = [.. last.Tokens, .. tokens], Finish = finish };
        else
            _events.Add(new SequenceEvent { RequestId = request.Request.Id, SequenceIndex = index, Tokens = tokens, Finish = finish });
    }

    /// <summary>What a sequence cost.</summary>
    /// <param name="request">Its request.</param>
    /// <param name="cached">Tokens of the prompt that were not computed for it.</param>
    /// <param name="generated">Its new tokens.</param>
    /// <param name="first">When its first token was chosen, or 0.</param>
    /// <param name="last">When its last token was chosen, or 0.</param>
    public SequenceUsage Usage(EngineRequest request, int cached, int generated, long first, long last)
    {
        long now = time.GetTimestamp();
        long started = request.Started == 0 ? now : request.Started;
        long firstToken = first == 0 ? now : Math.Max(started, first);
        return new SequenceUsage(
            request.Source.Length,
            cached,
            generated,
            time.GetElapsedTime(request.Submitted, started),
            time.GetElapsedTime(started, firstToken),
            time.GetElapsedTime(firstToken, last == 0 ? firstToken : Math.Max(firstToken, last)));
    }

    // The event that the sequence's next token belongs to, if the last one was its own.
    private SequenceEvent? Last(EngineRequest request, int index) =>
        _events is [.., { Finish: null } last] && last.SequenceIndex == index && last.RequestId == request.Request.Id ? last : null;

    /// <summary>Hands over what has come together.</summary>
    public void Publish()
    {
        if (_events.Count == 0)
            return;
        publish(new StepEvents(_events.ToArray()) { Load = load.Due() });
        _events.Clear();
    }
}
