using LlamaHost.Engine.Requests;

namespace LlamaHost.Server.Generations;

/// <summary>The text of a step, split among its tokens so that the tokens' texts are the whole.</summary>
internal static class StepText
{
    /// <summary>
    /// The text that became certain with one of the step's tokens. Text held back until the end belongs to the last token, if that comes with it.
    /// </summary>
    /// <param name="step">The step.</param>
    /// <param name="index">Index of the token in the step.</param>
    public static string TextWith(this SequenceEvent step, int index)
    {
        string own = step.Tokens[index].Text;
        return step.Finish is { } finish && index == step.Tokens.Count - 1 ? own + finish.Text : own;
    }

    /// <summary>Text that became certain after the last token was sent. Nearly always empty.</summary>
    public static string TrailingText(this SequenceEvent step) => step.Tokens.Count == 0 ? step.Finish?.Text ?? "" : "";
}
