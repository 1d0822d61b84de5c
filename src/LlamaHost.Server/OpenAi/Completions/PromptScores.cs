using LlamaHost.Engine.Requests;
using LlamaHost.Runtime;
using LlamaHost.Runtime.Scoring;

namespace LlamaHost.Server.OpenAi.Completions;

/// <summary>The log-probabilities of echoed prompts.</summary>
internal static class PromptScores
{
    /// <summary>Has the model score the prompts: of each its tokens, the first without log-probability, and what each adds to the text.</summary>
    public static async Task<IReadOnlyList<ScoredPrompt>> ReadAsync(
        InferenceRuntime runtime, CompletionPlan plan, CancellationToken cancellationToken)
    {
        // A lone token has nothing to be scored after.
        CompletionPrompt[] scorable = [.. plan.Prompts.Where(prompt => prompt.Tokens.Count > 1)];
        IReadOnlyList<IReadOnlyList<ScoredContinuation>> scored = scorable.Length == 0
            ? []
            : await runtime.ScoreAsync(
                plan.Model,
                [
                    .. scorable.Select(prompt => new ScoringRequest
                    {
                        PromptTokens = [prompt.Tokens[0]],
                        Continuations = [[.. prompt.Tokens.Skip(1)]],
                        TopLogProbs = plan.Top,
                        Priority = plan.Request.Sampling.Priority,
                        CacheSalt = plan.Request.Sampling.CacheSalt,
                    }),
                ],
                cancellationToken);
        List<ScoredPrompt> prompts = new(plan.Prompts.Count);
        int next = 0;
        foreach (CompletionPrompt prompt in plan.Prompts)
        {
            ScoredContinuation? score = prompt.Tokens.Count > 1 ? scored[next++][0] : null;
            (_, IReadOnlyList<string> pieces) = await runtime.DetokenizeAsync(
                plan.Model, prompt.Tokens, skipSpecialTokens: false, cancellationToken);
            prompts.Add(new ScoredPrompt(
                [new TokenEvent(prompt.Tokens[0], pieces[0], IsSpecial: false), .. score?.Tokens ?? []],
                pieces, PromptText.Split(prompt.Text, pieces), score?.Usage ?? default));
        }
        return prompts;
    }
}

/// <summary>An echoed prompt.</summary>
/// <param name="Tokens">Its tokens.</param>
/// <param name="Pieces">Each token's own text.</param>
/// <param name="Parts">What each adds to the prompt's text.</param>
/// <param name="Usage">What it cost.</param>
internal sealed record ScoredPrompt(
    IReadOnlyList<TokenEvent> Tokens, IReadOnlyList<string> Pieces, IReadOnlyList<string> Parts, SequenceUsage Usage)
{
    /// <summary>Adds its tokens.</summary>
    public void AddTo(LogprobsBuilder logprobs)
    {
        for (int i = 0; i < Tokens.Count; i++)
            logprobs.Add(Tokens[i], Parts[i], Pieces[i]);
    }
}
