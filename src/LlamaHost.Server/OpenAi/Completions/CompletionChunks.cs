using LlamaHost.Server.Generations;
using LlamaHost.Server.OpenAi.Common;

namespace LlamaHost.Server.OpenAi.Completions;

/// <summary>A streamed answer: a chunk for every step of a sequence.</summary>
/// <param name="plan">What was asked for.</param>
/// <param name="echoed">The prompts' own tokens, if they were scored.</param>
/// <param name="created">When the request was admitted.</param>
internal sealed class CompletionChunks(CompletionPlan plan, IReadOnlyList<ScoredPrompt>? echoed, DateTimeOffset created)
    : IChunkedAnswer<CompletionResponse>
{
    private readonly LogprobsBuilder?[] _logprobs =
    [
        .. Enumerable.Range(0, plan.Prompts.Count * plan.Request.Sampling.N)
            .Select(_ => plan.Request.Logprobs is { } top ? new LogprobsBuilder(top) : null),
    ];

    /// <inheritdoc/>
    public IEnumerable<CompletionResponse> Begin()
    {
        if (!plan.Request.Echo)
            yield break;
        for (int prompt = 0; prompt < plan.Prompts.Count; prompt++)
        {
            for (int choice = 0; choice < plan.Request.Sampling.N; choice++)
            {
                if (_logprobs[plan.IndexOf(prompt, choice)] is { } logprobs)
                    echoed?[prompt].AddTo(logprobs);
                yield return Chunk(plan.IndexOf(prompt, choice), plan.Prompts[prompt].Text, null);
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerable<CompletionResponse> Add(PromptEvent step)
    {
        int index = plan.IndexOf(step.PromptIndex, step.Event.SequenceIndex);
        string text = "";
        for (int i = 0; i < step.Event.Tokens.Count; i++)
        {
            string part = step.Event.TextWith(i);
            text += part;
            _logprobs[index]?.Add(step.Event.Tokens[i], part);
        }
        text += step.Event.TrailingText();
        string? reason = step.Event.Finish is { } finish ? CompletionAnswer.ReasonOf(SequenceEnd.ReasonOf(finish)) : null;
        // While a character or a stop text may be forming there is nothing to say.
        if (text.Length > 0 || reason is not null || _logprobs[index] is not null)
            yield return Chunk(index, text, reason);
    }

    /// <inheritdoc/>
    public IEnumerable<CompletionResponse> End(GenerationUsage usage) => End(OpenAiUsage.Of(usage));

    /// <summary>All chunks where nothing is generated: the prompts alone.</summary>
    public IEnumerable<CompletionResponse> PromptsAlone(OpenAiUsage usage) =>
        [.. Begin(), .. Enumerable.Range(0, _logprobs.Length).Select(index => Chunk(index, "", "length")), .. End(usage)];

    private CompletionResponse[] End(OpenAiUsage usage) => plan.Request.Sampling.IncludeUsage is true ? [plan.Answer(created, [], usage)] : [];

    private CompletionResponse Chunk(int index, string text, string? reason) => plan.Answer(
        created, [new CompletionChoice { Index = index, Text = text, Logprobs = _logprobs[index]?.Take(), FinishReason = reason }], usage: null);
}
