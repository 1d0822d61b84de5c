using System.Text;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Server.OpenAi.Common;

/// <summary>Log-probabilities in OpenAI's shape.</summary>
internal static class TokenLogprobs
{
    private const char PartOfCharacter = '\uFFFD';

    /// <summary>The entry of a chosen token.</summary>
    /// <param name="token">The token, with its log-probability.</param>
    /// <param name="text">Text that became certain with it.</param>
    /// <param name="most">Most alternatives to show.</param>
    public static OpenAiTokenLogprob Of(TokenEvent token, string text, int most)
    {
        IReadOnlyList<TokenLogProb> alternatives = token.Alternatives ?? [];
        // Its own text, where that is known: what became certain may be that of several tokens.
        string own = alternatives.Where(one => one.Id == token.Id && !one.Text.Contains(PartOfCharacter)).Select(one => one.Text)
            .FirstOrDefault(text);
        return new OpenAiTokenLogprob
        {
            Token = own,
            Logprob = Finite(token.LogProb ?? 0),
            Bytes = BytesOf(own),
            TopLogprobs =
            [
                .. alternatives.Take(most).Select(
                    one => new OpenAiLikelyToken { Token = one.Text, Logprob = Finite(one.LogProb), Bytes = BytesOf(one.Text) }),
            ],
        };
    }

    // JSON has no number for what is impossible; OpenAI's own servers say this.
    private static float Finite(float logprob) => float.IsFinite(logprob) ? logprob : -9999;

    private static int[]? BytesOf(string text) =>
        text.Contains(PartOfCharacter) ? null : [.. Encoding.UTF8.GetBytes(text).Select(one => (int)one)];
}
