using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Sampling;
using LlamaHost.Engine.Scheduling;
using LlamaHost.Engine.Text;

namespace LlamaHost.Engine.Generation;

/// <summary>
/// One continuation of a prompt: its token log and what is derived from it. A token enters by <see cref="Accept"/>, whether it was just chosen
/// or comes from the log of an earlier life.
/// </summary>
internal sealed class EngineSequence : SchedulableSequence
{
    private readonly StreamingDetokenizer _detokenizer;
    private readonly StopTextMatcher _stops;

    /// <param name="request">The request it belongs to.</param>
    /// <param name="index">Its index there.</param>
    /// <param name="order">Place in the service order.</param>
    /// <param name="pipeline">Processors and warpers that have seen no token yet.</param>
    /// <param name="detokenizer">Has seen the prompt.</param>
    public EngineSequence(EngineRequest request, int index, SchedulingOrder order, SamplingPipeline pipeline, StreamingDetokenizer detokenizer)
        : base(request, order, request.Request.PromptTokens, request.Request.PromptTokens.Count + request.Request.Stop.MaxNewTokens)
    {
        Request = request;
        Index = index;
        Pipeline = pipeline;
        _detokenizer = detokenizer;
        _stops = new StopTextMatcher(request.Request.Stop.StopTexts);
        foreach (int token in request.Request.PromptTokens)
            pipeline.Observe(token);
    }

    public EngineRequest Request { get; }

    public int Index { get; }

    public SamplingPipeline Pipeline { get; }

    public int NewTokens => Known - PromptLength;

    /// <summary>When its first new token was chosen by this engine, or 0.</summary>
    public long FirstToken { get; set; }

    /// <summary>When its last token was chosen by this engine, or 0.</summary>
    public long LastToken { get; set; }

    /// <summary>Why it ended, once it has.</summary>
    public FinishReason? Finished { get; private set; }

    /// <summary>The stop text or stop token that ended it.</summary>
    public string? StopText { get; private set; }

    /// <summary>Appends a token and returns the text that became certain; sets <see cref="Finished"/> if it was the last.</summary>
    /// <param name="token">The token.</param>
    /// <param name="name">The token's own text, wanted if it is a stop token.</param>
    public string Accept(int token, Func<int, string> name)
    {
        Append(token);
        Pipeline.Observe(token);
        StopSettings stop = Request.Request.Stop;
        bool isEos = Request.EosTokens.Contains(token);
        if (!isEos && stop.StopTokenIds.Contains(token))
        {
            Finished = FinishReason.Stop;
            StopText = name(token);
            return "";
        }
        string text = _stops.Push(_detokenizer.Push(token));
        if (_stops.Found is { } found)
            (Finished, StopText) = (isEos ? FinishReason.EndOfSequence : FinishReason.Stop, isEos ? null : found);
        else if (isEos)
            Finished = FinishReason.EndOfSequence;
        else if (NewTokens >= stop.MaxNewTokens)
            Finished = FinishReason.Length;
        return text;
    }

    /// <summary>The text held back so far. To be asked for once, at the end.</summary>
    public string Flush()
    {
        if (_stops.Found is not null)
            return "";
        string text = _stops.Push(_detokenizer.Flush()) + _stops.Flush();
        if (_stops.Found is { } found && Finished == FinishReason.Length)
            (Finished, StopText) = (FinishReason.Stop, found);
        return text;
    }
}
