using LlamaHost.Engine.Requests;
using LlamaHost.Grammars;

namespace LlamaHost.Server.Conversations;

/// <summary>Grammars of texts with marks in them, which a model writes as control tokens where it has such tokens.</summary>
/// <param name="model">The model.</param>
internal sealed class MarkedTexts(ModelDescription model)
{
    // The longest first: a token's text may begin with another's.
    private readonly ControlToken[] _tokens =
        [.. model.ControlTokens.Where(token => !token.EndsTurn).OrderByDescending(token => token.Text.Length)];

    /// <summary>One text, with control tokens for the marks in it.</summary>
    public GrammarNode Of(string text)
    {
        List<GrammarNode> parts = [];
        int start = 0;
        for (int at = 0; at < text.Length;)
        {
            ControlToken token = _tokens.FirstOrDefault(one => string.CompareOrdinal(text, at, one.Text, 0, one.Text.Length) == 0);
            if (token.Text is null)
            {
                at++;
                continue;
            }
            parts.Add(GrammarNode.Text(text[start..at]));
            parts.Add(GrammarNode.Token(token.Id));
            start = at += token.Text.Length;
        }
        parts.Add(GrammarNode.Text(text[start..]));
        return GrammarNode.Sequence(parts);
    }
}
