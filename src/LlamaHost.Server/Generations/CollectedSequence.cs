using System.Text;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.Generations;

/// <summary>One sequence of an answer that is sent whole.</summary>
internal sealed class CollectedSequence
{
    private readonly StringBuilder _text = new();
    private readonly List<TokenEvent> _tokens = [];

    /// <summary>Its new text so far.</summary>
    public string Text => _text.ToString();

    /// <summary>Its new tokens so far, end token included; their texts together are its text.</summary>
    public IReadOnlyList<TokenEvent> Tokens => _tokens;

    /// <summary>Why it ended, once it has; see <see cref="SequenceEnd.ReasonOf"/>.</summary>
    public FinishReason? Reason { get; private set; }

    /// <summary>The stop text, or the stop token's text, that ended it.</summary>
    public string? StopText { get; private set; }

    /// <summary>Mean log-probability of its tokens; they must have been asked for.</summary>
    public double MeanLogProb => _tokens.Count == 0 ? 0 : _tokens.Average(token => (double)token.LogProb!.Value);

    /// <summary>Reads all sequences of a run: those of each prompt, in order.</summary>
    /// <exception cref="ApiException">A sequence was ended without a result.</exception>
    public static async Task<CollectedSequence[][]> ReadAllAsync(
        GenerationRun run, IReadOnlyList<GenerationRequest> requests, CancellationToken cancellationToken)
    {
        CollectedSequence[][] sequences =
            [.. requests.Select(request => Enumerable.Range(0, request.SequenceCount).Select(_ => new CollectedSequence()).ToArray())];
        await foreach (PromptEvent step in run.Events.ReadAllAsync(cancellationToken))
            sequences[step.PromptIndex][step.Event.SequenceIndex].Add(step.Event);
        return sequences;
    }

    /// <summary>Takes what a step brought.</summary>
    /// <exception cref="ApiException">The sequence was ended without a result.</exception>
    public void Add(SequenceEvent step)
    {
        for (int i = 0; i < step.Tokens.Count; i++)
        {
            string text = step.TextWith(i);
            _text.Append(text);
            _tokens.Add(step.Tokens[i] with { Text = text });
        }
        if (step.Finish is not { } finish)
            return;
        _text.Append(step.TrailingText());
        Reason = SequenceEnd.ReasonOf(finish);
        StopText = finish.StopText;
    }
}
