using LlamaHost.Engine.Requests;
using LlamaHost.Server.Generations;

namespace LlamaHost.Server.OpenAi.Completions;

/// <summary>Makes choices of what was generated.</summary>
/// <param name="plan">What was asked for.</param>
/// <param name="echoed">The prompts' own tokens, if they were scored.</param>
internal sealed class CompletionAnswer(CompletionPlan plan, IReadOnlyList<ScoredPrompt>? echoed)
{
    /// <summary>The choices, those of the first prompt first.</summary>
    /// <param name="sequences">The sequences of each prompt.</param>
    public IEnumerable<CompletionChoice> Choices(CollectedSequence[][] sequences)
    {
        for (int prompt = 0; prompt < sequences.Length; prompt++)
        {
            IEnumerable<CollectedSequence> best = sequences[prompt];
            // A stable sort: equals stay in order.
            if (plan.Request.SequencesEach > plan.Request.Sampling.N)
                best = best.OrderByDescending(sequence => sequence.MeanLogProb).Take(plan.Request.Sampling.N);
            int choice = 0;
            foreach (CollectedSequence sequence in best)
                yield return Choice(prompt, choice++, sequence);
        }
    }

    /// <summary>The choices where nothing is generated: the prompts alone.</summary>
    public IEnumerable<CompletionChoice> PromptsAlone() =>
        from prompt in Enumerable.Range(0, plan.Prompts.Count)
        from choice in Enumerable.Range(0, plan.Request.Sampling.N)
        select Choice(prompt, choice, null);

    /// <summary>Why a sequence ended, in OpenAI's words.</summary>
    public static string ReasonOf(FinishReason reason) => reason == FinishReason.Length ? "length" : "stop";

    private CompletionChoice Choice(int prompt, int choice, CollectedSequence? sequence)
    {
        string text = plan.Request.Echo ? plan.Prompts[prompt].Text : "";
        LogprobsBuilder? logprobs = plan.Request.Logprobs is { } top ? new LogprobsBuilder(top) : null;
        if (logprobs is not null)
        {
            echoed?[prompt].AddTo(logprobs);
            foreach (TokenEvent token in sequence?.Tokens ?? [])
                logprobs.Add(token, token.Text);
        }
        return new CompletionChoice
        {
            Index = plan.IndexOf(prompt, choice),
            Text = text + sequence?.Text,
            Logprobs = logprobs?.Take(),
            FinishReason = ReasonOf(sequence?.Reason ?? FinishReason.Length),
        };
    }
}
