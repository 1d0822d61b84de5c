using LlamaHost.Engine.Constraints;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Text;

namespace LlamaHost.Engine.Generation;

/// <summary>
/// What a continuation's tokens come to: its text, and whether one of them was the last. The same for a token that was just chosen, one from the log
/// of an earlier life, and one that is only tried.
/// </summary>
internal sealed class SequenceText
{
    private readonly EngineRequest _request;
    private readonly StreamingDetokenizer _detokenizer;
    private readonly StopTextMatcher _stops;
    private readonly KeptStopMatcher _keptStops;
    private int _newTokens;

    /// <summary>The state after the prompt.</summary>
    public SequenceText(EngineRequest request)
    {
        _request = request;
        _detokenizer = new StreamingDetokenizer(request.Tokenizer, request.Request.SkipSpecialTokens);
        _stops = new StopTextMatcher(request.Request.Stop.StopTexts);
        _keptStops = new KeptStopMatcher(request.Request.Stop.KeptStopTexts, request.Tokenizer);
        foreach (int token in request.Prompt)
        {
            _detokenizer.Push(token);
            _keptStops.Push(token);
        }
        _detokenizer.Settle();
        Constraint = request.Constraint?.Start(_detokenizer.StripsSpace);
    }

    /// <summary>A copy in the same state.</summary>
    public SequenceText(SequenceText other)
    {
        _request = other._request;
        _detokenizer = new StreamingDetokenizer(other._detokenizer);
        _stops = new StopTextMatcher(other._stops);
        _keptStops = new KeptStopMatcher(other._keptStops);
        (_newTokens, Finished, StopText, Constraint) = (other._newTokens, other.Finished, other.StopText, other.Constraint);
    }

    /// <summary>Why it ended, once it has.</summary>
    public FinishReason? Finished { get; private set; }

    /// <summary>The stop text or stop token that ended it.</summary>
    public string? StopText { get; private set; }

    /// <summary>What the request's grammar lets follow, if it has one.</summary>
    public ConstraintState? Constraint { get; private set; }

    /// <summary>Takes a token and returns the text that became certain; sets <see cref="Finished"/> if it is the last.</summary>
    public string Push(int token)
    {
        _newTokens++;
        StopSettings stop = _request.Request.Stop;
        bool isEos = _request.EosTokens.Contains(token);
        if (!isEos && stop.StopTokenIds.Contains(token))
        {
            End(FinishReason.Stop, _request.Tokenizer.Name(token));
            return "";
        }
        Constraint = Constraint?.After(token);
        string piece = _detokenizer.Push(token);
        string? kept = _keptStops.Push(token);
        string text = _stops.Push(piece);
        string? found = _stops.Found ?? kept;
        if (isEos)
            End(FinishReason.EndOfSequence, null);
        else if (found is not null)
            End(FinishReason.Stop, found);
        else if (Constraint is { IsComplete: true })
            End(FinishReason.Stop, null);
        else if (_newTokens >= stop.MaxNewTokens)
            End(FinishReason.Length, null);
        return text;
    }

    /// <summary>The text held back so far. To be asked for once, at the end.</summary>
    public string Flush()
    {
        if (_stops.Found is not null)
            return "";
        string text = _stops.Push(_detokenizer.Flush()) + _stops.Flush();
        // What was held back may turn out to be a stop text after all.
        if (_stops.Found is { } found && Finished == FinishReason.Length)
            End(FinishReason.Stop, found);
        return text;
    }

    private void End(FinishReason reason, string? stopText) => (Finished, StopText) = (reason, stopText);
}
