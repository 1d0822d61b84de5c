using LlamaHost.Engine.Requests;

namespace LlamaHost.Server.Generations;

/// <summary>The text of a step, split among its tokens so that the tokens' texts are the whole.</summary>
internal static class StepText
{
    /// <summary>
    /// The step's tokens with the text that became certain with each. Text held back until the end belongs to the last token, if that comes with it.
    /// </summary>
    public static IEnumerable<(TokenEvent Token, string Text)> TokensWithText(this SequenceEvent step)
    {
        string rest = step.Finish?.Text ?? "";
        for (int i = 0; i < step.Tokens.Count; i++)
        {
            TokenEvent token = step.Tokens[i];
            yield return (token, i == step.Tokens.Count - 1 ? token.Text + rest : token.Text);
        }
    }

    /// <summary>Text that became certain after the last token was sent. Nearly always empty.</summary>
    public static string TrailingText(this SequenceEvent step) => step.Tokens.Count == 0 ? step.Finish?.Text ?? "" : "";
}
