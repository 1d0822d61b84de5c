using LlamaHost.Engine.Requests;
using LlamaHost.Server.Generations;

namespace LlamaHost.Server.Generate;

/// <summary>Puts the answer together from the events of all its sequences; collected answers and streams are made of the same parts.</summary>
/// <param name="plan">What was asked for.</param>
/// <param name="model">Id of the model.</param>
/// <param name="created">When the request was admitted.</param>
internal sealed class AnswerBuilder(GeneratePlan plan, string model, DateTimeOffset created)
{
    private readonly SequenceBuilder[][] _sequences =
    [
        .. plan.Prompts.Select((prompt, promptIndex) =>
            Enumerable.Range(0, prompt.SequenceCount).Select(index => new SequenceBuilder(plan, promptIndex, index)).ToArray()),
    ];

    /// <summary>Takes what a step brought for a sequence.</summary>
    /// <param name="step">The step.</param>
    /// <param name="send">Gets the events that a stream sends for it.</param>
    public void Add(PromptEvent step, Action<GenerateEvent> send) => _sequences[step.PromptIndex][step.Event.SequenceIndex].Add(step.Event, send);

    /// <summary>The answer; every sequence has ended.</summary>
    /// <param name="withSequences">Put the sequences in: a stream has sent them before.</param>
    public GenerateResponse Complete(bool withSequences) => new()
    {
        Id = plan.Id,
        Model = model,
        Created = created.ToUnixTimeSeconds(),
        Sequences = withSequences ? [.. _sequences.SelectMany(prompt => prompt.Select(sequence => sequence.Result!))] : null,
        PromptTokenIds = plan.Request.Details ? [.. plan.Prompts.Select(GenerationRun.PromptOf)] : null,
        Usage = Usage(),
        Settings = plan.Settings,
        Warnings = plan.Warnings,
    };

    private GenerateUsage Usage() => GenerateUsage.Of(GenerationUsage.Of(
        plan.Prompts.Sum(prompt => GenerationRun.PromptOf(prompt).Count),
        _sequences.Sum(prompt => prompt.Sum(sequence => sequence.Usage?.GeneratedTokens ?? 0)),
        [.. _sequences.Select(prompt => (IReadOnlyList<SequenceUsage>)[.. prompt.Select(sequence => sequence.Usage ?? default)])]));
}
