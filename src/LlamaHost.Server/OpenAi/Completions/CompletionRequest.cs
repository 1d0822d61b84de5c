using LlamaHost.Server.OpenAi.Common;

namespace LlamaHost.Server.OpenAi.Completions;

/// <summary>
/// The body of <c>POST /v1/completions</c> as sent: every value in its range, the default where it was left out or null.
/// <see cref="CompletionParameters"/> says what each means.
/// </summary>
internal sealed class CompletionRequest : ISampledRequest
{
    public SamplingFields Sampling { get; } = new();

    public IReadOnlyList<PromptSource> Prompts { get; set; } = [];

    public string? Suffix { get; set; }

    public bool Echo { get; set; }

    public int? Logprobs { get; set; }

    public int? BestOf { get; set; }

    /// <summary>Sequences that are generated for each prompt, of which the best are the choices.</summary>
    public int SequencesEach => BestOf ?? Sampling.N;
}

/// <summary>A prompt as sent: a text or token ids.</summary>
internal readonly record struct PromptSource(string? Text, IReadOnlyList<int>? Tokens);
