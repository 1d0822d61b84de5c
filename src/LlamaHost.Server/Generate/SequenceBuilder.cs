using System.Text;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generations;

namespace LlamaHost.Server.Generate;

/// <summary>Puts one sequence of the answer together from its events.</summary>
internal sealed class SequenceBuilder(GeneratePlan plan, int promptIndex, int index)
{
    private readonly StringBuilder _text = new(plan.FullTextStart(promptIndex));
    private readonly List<int>? _ids = plan.Request.Details ? [] : null;
    private readonly List<GeneratedToken>? _tokens = plan.Request.EffectiveLogprobs is null ? null : [];

    private GenerationRequest Prompt => plan.Prompts[promptIndex];

    /// <summary>What it cost, once it has ended.</summary>
    public SequenceUsage? Usage { get; private set; }

    /// <summary>The sequence, once it has ended.</summary>
    public GeneratedSequence? Result { get; private set; }

    /// <summary>Takes what a step brought and gives the events that a stream sends for it.</summary>
    /// <exception cref="ApiException">The sequence was ended without a result.</exception>
    public IEnumerable<GenerateEvent> Add(SequenceEvent step)
    {
        foreach ((TokenEvent token, string text) in step.TokensWithText())
            yield return Add(token, text);
        if (step.Finish is { } finish)
            yield return Result = Finish(finish, step.TrailingText());
    }

    private TokenGenerated Add(TokenEvent token, string text)
    {
        _text.Append(text);
        _ids?.Add(token.Id);
        var generated = GeneratedToken.Of(token, text);
        _tokens?.Add(generated);
        return TokenGenerated.Of(promptIndex, index, generated);
    }

    private GeneratedSequence Finish(SequenceFinish finish, string trailingText)
    {
        Usage = finish.Usage;
        return new GeneratedSequence
        {
            PromptIndex = promptIndex,
            Index = index,
            GeneratedText = _text.Append(trailingText).ToString(),
            FinishReason = SequenceEnd.ReasonOf(finish) switch
            {
                FinishReason.EndOfSequence => "eos_token",
                FinishReason.Stop => "stop_sequence",
                _ => "length",
            },
            StopSequence = finish.StopText,
            GeneratedTokens = finish.Usage.GeneratedTokens,
            Seed = Prompt.Beams is null ? Prompt.SequenceSeed(index) : Prompt.Seed,
            // A penalty can push it out of a float's range, which JSON has no number for.
            Score = finish.Score is { } score && float.IsFinite(score) ? score : null,
            TrailingText = trailingText.Length == 0 ? null : trailingText,
            TokenIds = _ids,
            Tokens = _tokens,
        };
    }
}
