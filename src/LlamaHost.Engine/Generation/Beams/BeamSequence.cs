using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Sampling;
using LlamaHost.Engine.Scheduling;

namespace LlamaHost.Engine.Generation.Beams;

/// <summary>One running beam.</summary>
internal sealed class BeamSequence : SchedulableSequence, IRequestSequence
{
    /// <summary>The beam that a search starts from: the prompt alone.</summary>
    public BeamSequence(BeamSearch search, SchedulingOrder order) : base(search.Request, order, search.Request.Prompt, search.Capacity)
    {
        Search = search;
        Salt = search.Request.Request.CacheSalt;
        Text = search.Request.PromptText;
    }

    /// <summary>A beam that goes on from another one's tokens.</summary>
    public BeamSequence(BeamSequence parent) : base(parent, parent.Search.Capacity)
    {
        Search = parent.Search;
        Text = parent.Text;
    }

    public BeamSearch Search { get; }

    public EngineRequest Request => Search.Request;

    /// <summary>The tokens that the next choice may depend on.</summary>
    public TokenHistory History => new(Tokens, PromptLength, Request.Source);

    /// <summary>Its text so far: what decides whether it has ended.</summary>
    public SequenceText Text { get; private set; }

    /// <summary>Sum of its tokens' processed log-probabilities.</summary>
    public float Score { get; private set; }

    /// <summary>Its last token with all before it, or <see langword="null"/> at the start.</summary>
    public BeamToken? Last { get; private set; }

    /// <summary>Appends the token of a candidate that started from this beam or from the one that it was copied from.</summary>
    public void Take(BeamCandidate candidate)
    {
        Append(candidate.Token.Token);
        Score = candidate.Score;
        Text = candidate.Text;
        Last = candidate.Token;
    }
}

/// <summary>A chosen token of a beam, and the one before it. Beams with a common beginning share it.</summary>
/// <param name="Token">Token id.</param>
/// <param name="LogProb">Natural logarithm of its probability in the raw distribution.</param>
/// <param name="Alternatives">The most likely tokens in its place, if asked for.</param>
/// <param name="Previous">The token before it; <see langword="null"/> for the first new one.</param>
internal sealed record BeamToken(int Token, float LogProb, IReadOnlyList<TokenLogProb>? Alternatives, BeamToken? Previous);

/// <summary>A way for a beam to go on.</summary>
/// <param name="beam">The beam as it is before.</param>
/// <param name="token">The token that would be appended, with all before it.</param>
/// <param name="score">The beam's score after it.</param>
/// <param name="rank">What the best are chosen by: the score, or the score with noise when sampling.</param>
internal sealed class BeamCandidate(BeamSequence beam, BeamToken token, float score, double rank)
{
    private readonly SequenceText _before = beam.Text;
    private SequenceText? _text;

    public BeamSequence Beam { get; } = beam;

    public BeamToken Token { get; } = token;

    public float Score { get; } = score;

    public double Rank { get; } = rank;

    /// <summary>The beam's text with the token.</summary>
    public SequenceText Text
    {
        get
        {
            if (_text is null)
            {
                _text = new SequenceText(_before);
                _text.Push(Token.Token);
            }
            return _text;
        }
    }
}

/// <summary>A finished sequence in the pool.</summary>
/// <param name="Last">Its last token with all before it.</param>
/// <param name="Score">Its score, normalised by its length.</param>
/// <param name="Text">Its text, and why it ended.</param>
internal sealed record BeamHypothesis(BeamToken Last, float Score, SequenceText Text)
{
    /// <summary>Its new tokens in order.</summary>
    public IReadOnlyList<BeamToken> Tokens
    {
        get
        {
            List<BeamToken> tokens = [];
            for (BeamToken? token = Last; token is not null; token = token.Previous)
                tokens.Add(token);
            tokens.Reverse();
            return tokens;
        }
    }
}
