using LlamaHost.Server.Generations;
using LlamaHost.Server.OpenAi.Common;

namespace LlamaHost.Server.OpenAi.Chat;

/// <summary>Puts the answer together from the events of all its choices, whole or in chunks.</summary>
/// <param name="plan">What was asked for.</param>
/// <param name="created">When the request was admitted.</param>
internal sealed class ChatAnswer(ChatPlan plan, DateTimeOffset created) : IChunkedAnswer<ChatChunk>
{
    private readonly ChatChoiceBuilder[] _choices =
        [.. Enumerable.Range(0, plan.Generation.SequenceCount).Select(index => new ChatChoiceBuilder(plan, index))];

    /// <inheritdoc/>
    public IEnumerable<ChatChunk> Begin() => _choices.Select(choice => Chunk([choice.Begin()]));

    /// <inheritdoc/>
    public IEnumerable<ChatChunk> Add(PromptEvent step) => _choices[step.Event.SequenceIndex].Add(step.Event).Select(piece => Chunk([piece]));

    /// <inheritdoc/>
    public IEnumerable<ChatChunk> End(GenerationUsage usage) =>
        plan.Request.Sampling.IncludeUsage == true ? [Chunk([]) with { Usage = OpenAiUsage.Of(usage) }] : [];

    /// <summary>The whole answer; every sequence has ended.</summary>
    public ChatCompletion Complete(GenerationUsage usage) => new()
    {
        Id = plan.Id,
        Created = created.ToUnixTimeSeconds(),
        Model = plan.ModelId,
        SystemFingerprint = plan.Fingerprint,
        Choices = [.. _choices.Select(choice => choice.Complete())],
        Usage = OpenAiUsage.Of(usage),
    };

    private ChatChunk Chunk(IReadOnlyList<ChatChunkChoice> choices) => new()
    {
        Id = plan.Id,
        Created = created.ToUnixTimeSeconds(),
        Model = plan.ModelId,
        SystemFingerprint = plan.Fingerprint,
        Choices = choices,
    };
}
