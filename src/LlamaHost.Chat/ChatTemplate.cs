using System.Text.Json;
using System.Text.RegularExpressions;
using LlamaHost.Chat.Jinja;
using LlamaHost.Chat.Jinja.Values;
using LlamaHost.Chat.Templates;

namespace LlamaHost.Chat;

/// <summary>
/// A chat template, parsed: Jinja as transformers sets it up (<c>trim_blocks</c>, <c>lstrip_blocks</c>, loop controls, the immutable sandbox, its
/// <c>tojson</c>). It is immutable; any number of threads may render it.
/// </summary>
public sealed partial class ChatTemplate
{
    private readonly JinjaTemplate _template;

    private ChatTemplate(string source)
    {
        Source = source;
        _template = JinjaTemplate.Parse(source);
        MentionsTools = ToolsName().IsMatch(source);
    }

    /// <summary>The template's text.</summary>
    public string Source { get; }

    /// <summary>Whether the template looks at the tools that it is given; if not, the model doesn't learn of them.</summary>
    public bool MentionsTools { get; }

    /// <summary>Parses a template.</summary>
    /// <param name="source">Jinja text.</param>
    /// <exception cref="ChatTemplateException">It is not valid.</exception>
    public static ChatTemplate Parse(string source) => new(source);

    /// <summary>Renders a conversation.</summary>
    /// <param name="input">The conversation and what belongs to it.</param>
    /// <param name="clock">The time that <c>strftime_now</c> tells, and that bounds the rendering.</param>
    /// <param name="limits">Bounds; null for the usual ones.</param>
    /// <param name="cancellation">Stops the rendering.</param>
    /// <exception cref="ChatTemplateException">The template refuses the conversation, fails, or reaches a bound.</exception>
    /// <remarks>
    /// Messages are handed over as they are. Where a template can't cope with that (it fails, or leaves a text out) they are written in the next way
    /// that is common: content parts joined, missing content empty, arguments of calls as text, the developer's messages as the system's.
    /// </remarks>
    public RenderedPrompt Render(
        TemplateInput input, TimeProvider clock, TemplateLimits? limits = null, CancellationToken cancellation = default)
    {
        ChatTemplateException? firstFailure = null;
        RenderedPrompt? incomplete = null;
        foreach (MessageStyle style in MessageStyles.For(input.Messages))
        {
            try
            {
                RenderedPrompt prompt = new(_template.Render(scope => Prepare(scope, input, style), limits ?? new(), clock, cancellation));
                if (MessageStyles.Suits(input.Messages, style, prompt))
                    return input.ContinuesFinalMessage ? FinalMessage.Cut(prompt, input.Messages) : prompt;
                incomplete ??= prompt;
            }
            catch (ChatTemplateException failure)
            {
                firstFailure ??= failure;
            }
        }
        if (incomplete is null)
            throw firstFailure!;
        return input.ContinuesFinalMessage ? FinalMessage.Cut(incomplete, input.Messages) : incomplete;
    }

    private static void Prepare(Scope scope, TemplateInput input, MessageStyle style)
    {
        if (input.Variables.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty variable in input.Variables.EnumerateObject())
                scope.Set(variable.Name, JsonValues.Of(variable.Value));
        }
        scope.Set("messages", MessageValues.Of(input.Messages, style));
        scope.Set("tools", MessageValues.Of(input.Tools));
        scope.Set("documents", null);
        scope.Set("add_generation_prompt", input.AddGenerationPrompt && !input.ContinuesFinalMessage);
        if (input.BosToken is { } bos)
            scope.Set("bos_token", Text.OfTemplate(bos));
        if (input.EosToken is { } eos)
            scope.Set("eos_token", Text.OfTemplate(eos));
    }

    [GeneratedRegex(@"\btools\b")]
    private static partial Regex ToolsName();
}
