using LlamaHost.Engine.Sampling;
using LlamaHost.Engine.Scheduling;
using LlamaHost.Engine.Speculation;

namespace LlamaHost.Engine.Generation;

/// <summary>One independent continuation of a prompt: its token log and what is derived from it.</summary>
internal sealed class EngineSequence : SchedulableSequence, IRequestSequence
{
    private readonly PromptLookup? _lookup;

    /// <param name="request">The request it belongs to.</param>
    /// <param name="index">Its index there.</param>
    /// <param name="order">Place in the service order.</param>
    public EngineSequence(EngineRequest request, int index, SchedulingOrder order)
        : base(request, order, request.Prompt, request.Prompt.Length + request.Request.Stop.MaxNewTokens)
    {
        Request = request;
        Salt = request.Request.CacheSalt;
        Index = index;
        Text = new SequenceText(request.PromptText);
        if (request.Request.Sampling.Mirostat is { } mirostat)
            Mirostat = new MirostatState(mirostat);
        _lookup = request.Lookup is { } lookup ? new PromptLookup(lookup) : null;
        if (request.GuidancePrompt is { } prompt)
            Guidance = new Guidance(this, request.GuidancePrompt, prompt, request.Request.Sampling.GuidanceScale) { Salt = Salt };
    }

    public EngineRequest Request { get; }

    public int Index { get; }

    /// <summary>Its text and how it ended.</summary>
    public SequenceText Text { get; }

    /// <summary>The tokens that the next choice may depend on.</summary>
    public TokenHistory History => new(Tokens, PromptLength, Request.Source);

    /// <summary>Its random numbers.</summary>
    public RandomStream Random => new(Request.Request.SequenceSeed(Index));

    /// <summary>What guides it, if the request asks for that.</summary>
    public Guidance? Guidance { get; }

    /// <summary>What steers its tokens' information, if the request asks for that.</summary>
    public MirostatState? Mirostat { get; }

    public int NewTokens => Known - PromptLength;

    /// <summary>When its first new token was chosen by this engine, or 0.</summary>
    public long FirstToken { get; set; }

    /// <summary>When its last token was chosen by this engine, or 0.</summary>
    public long LastToken { get; set; }

    /// <summary>Appends a token, just chosen or from a log, and returns the text that became certain.</summary>
    public string Accept(int token)
    {
        Append(token);
        Guidance?.Append(token);
        _lookup?.Follow(Tokens);
        return Text.Push(token);
    }

    /// <summary>
    /// Wants the logits that the tokens it was resumed with were chosen from, as far as its mirostat has not followed them: that state can't be had
    /// from the tokens alone.
    /// </summary>
    public void WantReplayed() =>
        OutputsFrom = Mirostat is not null && Mirostat.Observed < NewTokens ? PromptLength - 1 + Mirostat.Observed : -1;

    /// <inheritdoc/>
    protected override int Guess(Span<int> drafts, StepYield expected)
    {
        // A step brings the guessed tokens and one more. The first token is left alone: siblings share its logits.
        int most = Math.Min(drafts.Length, Request.Request.Stop.MaxNewTokens - NewTokens - 1);
        if (_lookup is null || NewTokens == 0 || most <= 0)
            return 0;
        int guessed = _lookup.Guess(Tokens, drafts[..most], Request.EosTokens, expected);
        return Text.Constraint?.CountAllowed(drafts[..guessed]) ?? guessed;
    }
}
