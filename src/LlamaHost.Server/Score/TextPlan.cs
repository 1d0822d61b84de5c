using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Scoring;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.Score;

/// <summary>How one text is scored: its windows, and how their scores become the text's.</summary>
internal sealed class TextPlan
{
    private readonly IReadOnlyList<int> _tokens;
    private readonly int _context;
    private readonly int _stride;
    private readonly int _top;

    private TextPlan(IReadOnlyList<int> tokens, int context, int stride, int top) =>
        (_tokens, _context, _stride, _top) = (tokens, context, stride, top);

    /// <summary>Tokens of the text.</summary>
    public int TokenCount => _tokens.Count;

    /// <summary>The text's first token.</summary>
    public int FirstToken => _tokens[0];

    /// <summary>How many windows the text takes.</summary>
    public long WindowCount => HasNothingToScore ? 0 : Window.Count(_tokens.Count, _context, _stride);

    /// <summary>One per window, made as they are asked for: a small stride asks for more tokens than the text has.</summary>
    public IEnumerable<ScoringRequest> Requests => HasNothingToScore ? [] : Window.Over(_tokens.Count, _context, _stride).Select(Request);

    // A lone token has nothing to be scored after; only what follows it can be asked for.
    private bool HasNothingToScore => _tokens.Count == 1 && _top == 0;

    /// <summary>Checks that a text can be scored.</summary>
    /// <param name="request">The request.</param>
    /// <param name="place">Name of the text for messages, such as <c>text[2]</c>.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="model">The model.</param>
    /// <exception cref="ApiException">It has no tokens, or is too long.</exception>
    public static TextPlan Create(ScoreRequest request, string place, IReadOnlyList<int> tokens, ModelDescription model)
    {
        if (tokens.Count == 0)
            throw ApiException.BadRequest(ErrorCodes.EmptyPrompt, "text", $"{place} has no tokens, and this model has no begin token to start from.");
        int context = model.ContextLength;
        if (request.Stride >= context)
            throw ApiException.BadRequest(
                ErrorCodes.OutOfRange, "stride", $"stride is {request.Stride}; it must be below the model's context of {context} tokens.");
        if (tokens.Count > context && request.Stride is null)
        {
            throw ApiException.BadRequest(
                ErrorCodes.ContextLengthExceeded, "text",
                $"{place} has {tokens.Count} tokens; the model's context is {context} tokens. Give a stride below that to score "
                    + "it in overlapping windows.");
        }
        return new TextPlan(tokens, context, request.Stride ?? context, request.TopLogprobs);
    }

    /// <summary>The text's score.</summary>
    /// <param name="first">Own text of the first token.</param>
    /// <param name="windows">What the model says of each window.</param>
    public TextScore Score(string first, IReadOnlyList<ScoredContinuation> windows)
    {
        TokenEvent[] scored = [.. windows.SelectMany(window => window.Tokens)];
        // Subtracted from 0, so that nothing scored is not minus zero.
        double nll = 0 - scored.Sum(token => (double)token.LogProb!.Value);
        double? mean = scored.Length == 0 ? null : nll / scored.Length;
        return new TextScore
        {
            TokenIds = _tokens,
            Tokens = [first, .. scored.Select(token => token.Text)],
            TokenLogprobs = [null, .. scored.Select(token => token.LogProb)],
            Nll = nll,
            MeanNll = mean,
            Perplexity = Perplexity.Of(mean),
            Top = _top == 0 ? null : [.. scored.Select(token => NextToken.Of(token.Alternatives!)), NextToken.Of(windows[^1].Next)],
        };
    }

    private ScoringRequest Request(Window window) => new()
    {
        PromptTokens = [.. _tokens.Take(window.FirstScored).Skip(window.Begin)],
        Continuations = [[.. _tokens.Take(window.End).Skip(window.FirstScored)]],
        TopLogProbs = _top,
    };
}
