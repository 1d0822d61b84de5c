using LlamaHost.Server.OpenAi.Common;

namespace LlamaHost.Server.OpenAi.Responses;

/// <summary>
/// Finds the tokens of a text whose beginning may be held back until it is certain to be no mark. Tokens of thoughts, calls and marks are left out.
/// </summary>
internal sealed class TextLogprobs
{
    private readonly List<(OpenAiTokenLogprob Token, int Length)> _held = [];

    /// <summary>Takes a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="length">Length of the text that became certain with it.</param>
    public void Hold(OpenAiTokenLogprob token, int length) => _held.Add((token, length));

    /// <summary>The tokens of a text that ends with the last token's: the last one, and those before it as far as the text reaches.</summary>
    /// <param name="length">Length of the text.</param>
    public IReadOnlyList<OpenAiTokenLogprob> Take(int length)
    {
        int first = Math.Max(0, _held.Count - 1);
        int reached = _held.Count == 0 ? 0 : _held[first].Length;
        while (first > 0 && reached + _held[first - 1].Length <= length)
            reached += _held[--first].Length;
        OpenAiTokenLogprob[] tokens = [.. _held.Skip(first).Select(one => one.Token)];
        _held.Clear();
        return tokens;
    }

    /// <summary>What was taken is no text.</summary>
    public void Drop() => _held.Clear();
}
