using LlamaHost.Engine.Constraints;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Sampling;
using LlamaHost.Engine.Text;

namespace LlamaHost.Engine.Generation;

/// <summary>What the engine's thread needs to make tokens of a row of logits. Owns the buffers.</summary>
internal sealed class RowSampler(ITokenizer tokenizer, TimeProvider time)
{
    private readonly TokenSampler _sampler = new(tokenizer.VocabularySize);
    private readonly LogProbabilities _logProbabilities = new(tokenizer.VocabularySize);

    /// <summary>What can be chosen; overwritten by the next use.</summary>
    public CandidateSet Candidates => _sampler.Candidates;

    /// <summary>Now, on the engine's clock.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>The next token, or −1 if none can be chosen.</summary>
    public int Choose(ReadOnlySpan<float> scores, EngineSequence sequence) =>
        _sampler.Choose(scores, sequence.Request.Pipeline, sequence.History, sequence.Random, sequence.Mirostat, sequence.Text.Constraint);

    /// <summary>Has a sequence's mirostat follow the next of the tokens that it was resumed with.</summary>
    /// <returns>Whether there was one: the logits are then not for choosing.</returns>
    public bool Replays(ReadOnlySpan<float> logits, EngineSequence sequence)
    {
        if (sequence.Mirostat is not { } mirostat || mirostat.Observed == sequence.NewTokens)
            return false;
        int position = sequence.PromptLength + mirostat.Observed;
        var before = new TokenHistory(sequence.Tokens[..position], sequence.PromptLength, sequence.Request.Source);
        // Where the sequence stood then.
        ConstraintState? constraint = sequence.Request.PromptText.Constraint;
        foreach (int token in before.NewTokens)
            constraint = constraint?.After(token);
        _sampler.Replay(logits, sequence.Request.Pipeline, before, mirostat, sequence.Tokens[position], constraint);
        sequence.WantReplayed();
        return true;
    }

    /// <summary>Why nothing could be chosen: the model failed, or the request's settings forbid every token.</summary>
    /// <param name="normalizer">Of the raw logits, as <see cref="Normalizer"/> gives it.</param>
    public static (FinishReason Reason, string Error) WhyNoToken(float normalizer) => float.IsFinite(normalizer)
        ? (FinishReason.NoToken, "The settings forbid every token after those chosen so far.")
        : (FinishReason.Error, "The model's logits are not numbers.");

    /// <summary>Whether the request's time is up.</summary>
    public bool IsTimeUp(EngineRequest request) =>
        request.Request.Stop.MaxTime is { } most && time.GetElapsedTime(request.Submitted) >= most;

    /// <summary>The number to subtract from a logit to get a log-probability.</summary>
    public float Normalizer(ReadOnlySpan<float> logits) => _logProbabilities.Normalizer(logits);

    /// <summary>The most likely tokens, if asked for.</summary>
    /// <param name="logits">Raw logits.</param>
    /// <param name="normalizer">As <see cref="Normalizer"/> gives it.</param>
    /// <param name="count">How many, or <see langword="null"/>: not asked for.</param>
    public IReadOnlyList<TokenLogProb>? Alternatives(ReadOnlySpan<float> logits, float normalizer, int? count)
    {
        if (count is null)
            return null;
        List<TokenLogProb> top = new(count.Value);
        foreach (int id in _logProbabilities.Top(logits, count.Value))
            top.Add(new TokenLogProb(id, tokenizer.Name(id), logits[id] - normalizer));
        return top;
    }

    /// <summary>A chosen token as the client sees it.</summary>
    public TokenEvent Describe(int token, string text, ReadOnlySpan<float> logits, int? alternatives)
    {
        var chosen = new TokenEvent(token, text, tokenizer.IsSpecial(token));
        if (alternatives is null)
            return chosen;
        float normalizer = Normalizer(logits);
        return chosen with { LogProb = logits[token] - normalizer, Alternatives = Alternatives(logits, normalizer, alternatives) };
    }
}
