using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Generations;

namespace LlamaHost.Runtime.Scoring;

/// <summary>What a model says of a continuation.</summary>
/// <param name="Tokens">
/// Its tokens, each with its own text, its log-probability, and the most likely tokens in its place (as many as were asked for).
/// </param>
/// <param name="Next">The tokens that are most likely to follow, best first; empty if none were asked for.</param>
/// <param name="Usage">What it cost.</param>
public sealed record ScoredContinuation(IReadOnlyList<TokenEvent> Tokens, IReadOnlyList<TokenLogProb> Next, SequenceUsage Usage)
{
    /// <summary>Natural logarithm of the continuation's probability after its prompt: the sum over its tokens.</summary>
    public double LogProb => Tokens.Sum(token => (double)token.LogProb!.Value);

    /// <summary>Puts together what comes of a scoring request.</summary>
    /// <exception cref="GenerationFailedException">The engine could not score a continuation.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal static async Task<IReadOnlyList<ScoredContinuation>> ReadAsync(Generation generation, CancellationToken cancellationToken)
    {
        List<TokenEvent>[] tokens = [.. generation.Request.Continuations!.Select(one => new List<TokenEvent>(one.Count))];
        var scored = new ScoredContinuation[tokens.Length];
        await foreach (SequenceEvent step in generation.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            List<TokenEvent> own = tokens[step.SequenceIndex];
            own.AddRange(step.Tokens);
            if (step.Finish is not { } finish)
                continue;
            if (finish.Reason == FinishReason.Error)
                throw new GenerationFailedException(finish.Error ?? "The engine could not go on with a sequence.");
            if (finish.Reason == FinishReason.Cancelled)
                throw new OperationCanceledException("The scoring was cancelled.");
            scored[step.SequenceIndex] = new ScoredContinuation(own, finish.Next ?? [], finish.Usage);
        }
        return scored;
    }
}
