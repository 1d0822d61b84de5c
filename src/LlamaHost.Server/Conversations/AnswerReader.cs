using LlamaHost.Chat;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Server.Conversations;

/// <summary>Reads one sequence of a model's answer while it comes: thoughts, text, calls.</summary>
internal sealed class AnswerReader
{
    private readonly AnswerForm _form;
    private readonly OutputParser _parser;
    private readonly Dictionary<int, string> _dropped;
    private bool _isAfterOnlyCall;

    /// <param name="form">What the answer may consist of.</param>
    /// <param name="description">The model.</param>
    /// <param name="keepsControlTokens">Whether the client wants to see control tokens in the text.</param>
    public AnswerReader(AnswerForm form, ModelDescription description, bool keepsControlTokens)
    {
        _form = form;
        _parser = new OutputParser(form.Reasoning, form.Prompt.EndsWithinReasoning, form.Calls, form.Tools);
        _dropped = keepsControlTokens
            ? []
            : description.ControlTokens.Where(token => !form.IsMark(token)).ToDictionary(token => token.Id, token => token.Text);
    }

    /// <summary>Calls that were begun.</summary>
    public int Calls => _form.AllowsSeveralCalls ? _parser.Calls : Math.Min(1, _parser.Calls);

    /// <summary>Takes a token and the text that became certain with it.</summary>
    /// <returns>What is certain by now.</returns>
    public IEnumerable<OutputEvent> Push(TokenEvent token, string text)
    {
        if (token.IsSpecial && _dropped.TryGetValue(token.Id, out string? name) && text.EndsWith(name, StringComparison.Ordinal))
            text = text[..^name.Length];
        return text.Length == 0 ? [] : Allowed(_parser.Push(text));
    }

    /// <summary>The sequence has ended.</summary>
    /// <param name="trailingText">Text after that of the last token.</param>
    /// <returns>What was held back.</returns>
    public IEnumerable<OutputEvent> Complete(string trailingText) => Allowed([.. _parser.Push(trailingText), .. _parser.Complete()]);

    // What comes after the only call that is allowed is as if it had not been said.
    private List<OutputEvent> Allowed(IReadOnlyList<OutputEvent> events)
    {
        List<OutputEvent> allowed = [];
        foreach (OutputEvent one in events)
        {
            _isAfterOnlyCall |= !_form.AllowsSeveralCalls && one is ToolCallStarted { Index: > 0 };
            if (!_isAfterOnlyCall && (_form.AllowsText || one is not TextDelta))
                allowed.Add(one);
        }
        return allowed;
    }
}
