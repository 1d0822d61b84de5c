using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Scoring;
using LlamaHost.Server.Generations;
using LlamaHost.Server.Score;

namespace LlamaHost.Server.Generate.Choices;

/// <summary>
/// The answer to a request with <c>choices</c>: of each prompt the likeliest, or, when sampling, some drawn by their probabilities.
/// </summary>
/// <param name="plan">What was asked for.</param>
/// <param name="scored">What the model says of each choice, one list per prompt.</param>
internal sealed class ChoiceAnswer(GeneratePlan plan, IReadOnlyList<IReadOnlyList<ScoredContinuation>> scored)
{
    private const double TwoToThe53 = 1UL << 53;

    private readonly (int Choice, GeneratedSequence Sequence)[] _sequences =
    [
        .. plan.Prompts.SelectMany((prompt, promptIndex) =>
            Enumerable.Range(0, prompt.SequenceCount).Select(index => Choose(plan, scored[promptIndex], promptIndex, index))),
    ];

    /// <summary>What it cost.</summary>
    public GenerationUsage Usage => GenerationUsage.Of(
        plan.Prompts.Sum(prompt => GenerationRun.PromptOf(prompt).Count),
        _sequences.Sum(one => one.Sequence.GeneratedTokens),
        [.. scored.Select(prompt => (IReadOnlyList<SequenceUsage>)[.. prompt.Select(one => one.Usage)])]);

    /// <summary>The events that a stream sends before the last one.</summary>
    public IEnumerable<GenerateEvent> Events()
    {
        foreach ((int choice, GeneratedSequence sequence) in _sequences)
        {
            foreach (TokenEvent token in scored[sequence.PromptIndex][choice].Tokens)
            {
                TokenEvent told = plan.Request.EffectiveLogprobs is null ? token with { LogProb = null } : token;
                yield return TokenGenerated.Of(sequence.PromptIndex, sequence.Index, told, told.Text);
            }
            yield return sequence;
        }
    }

    /// <summary>The whole answer, or the last event of a stream.</summary>
    public GenerateResponse Complete(string model, DateTimeOffset created, bool withSequences) => new()
    {
        Id = plan.Id,
        Model = model,
        Created = created.ToUnixTimeSeconds(),
        Sequences = withSequences ? [.. _sequences.Select(one => one.Sequence)] : null,
        PromptTokenIds = plan.Request.Details ? [.. plan.Prompts.Select(GenerationRun.PromptOf)] : null,
        Usage = GenerateUsage.Of(Usage),
        Settings = plan.Settings,
        Warnings = plan.Warnings,
    };

    private static (int Choice, GeneratedSequence Sequence) Choose(
        GeneratePlan plan, IReadOnlyList<ScoredContinuation> scored, int promptIndex, int index)
    {
        GenerationRequest prompt = plan.Prompts[promptIndex];
        GenerateRequest request = plan.Request;
        double[] logprobs = [.. scored.Select(one => one.LogProb)];
        ulong seed = prompt.SequenceSeed(index);
        int choice = prompt.Sampling.DoSample
            ? Draw(logprobs, prompt.Sampling.Temperature, prompt with { Seed = seed })
            : Array.IndexOf(logprobs, logprobs.Max());
        double[] probabilities = ContinuationPlan.Softmax(logprobs);
        IReadOnlyList<TokenEvent> tokens = scored[choice].Tokens;
        return (choice, new GeneratedSequence
        {
            PromptIndex = promptIndex,
            Index = index,
            GeneratedText = plan.FullTextStart(promptIndex) + request.Choices![choice],
            FinishReason = "choice",
            GeneratedTokens = tokens.Count,
            Seed = seed,
            Choices = [.. request.Choices.Select((text, i) => new ChoiceScore(text, logprobs[i], probabilities[i]))],
            TokenIds = request.Details ? [.. tokens.Select(token => token.Id)] : null,
            Tokens = request.EffectiveLogprobs is null
                ? null
                : [.. tokens.Select(token => GeneratedToken.Of(token, token.Text))],
        });
    }

    // One number from the sequence's own seed, so that the seed alone brings the same choice again.
    private static int Draw(double[] logprobs, float temperature, GenerationRequest seeded)
    {
        double rest = seeded.SequenceSeed(1) / TwoToThe53;
        double[] probabilities = ContinuationPlan.Softmax([.. logprobs.Select(one => one / temperature)]);
        for (int i = 0; i < probabilities.Length; i++)
        {
            rest -= probabilities[i];
            if (rest < 0)
                return i;
        }
        return Array.IndexOf(probabilities, probabilities.Max());
    }
}
