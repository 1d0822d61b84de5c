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

    /// <summary>Takes what a step brought.</summary>
    /// <param name="step">The step.</param>
    /// <param name="send">Gets the events that a stream sends for it.</param>
    /// <exception cref="ApiException">The sequence was ended without a result.</exception>
    public void Add(SequenceEvent step, Action<GenerateEvent> send)
    {
        for (int i = 0; i < step.Tokens.Count; i++)
        {
            (TokenEvent token, string text) = (step.Tokens[i], step.TextWith(i));
            _text.Append(text);
            _ids?.Add(token.Id);
            _tokens?.Add(GeneratedToken.Of(token, text));
            send(TokenGenerated.Of(promptIndex, index, token, text));
        }
        if (step.Finish is { } finish)
            send(Result = Finish(finish, step.TrailingText()));
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
