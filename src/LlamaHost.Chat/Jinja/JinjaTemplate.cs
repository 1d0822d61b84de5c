using LlamaHost.Chat.Jinja.Library;
using LlamaHost.Chat.Jinja.Syntax;
using LlamaHost.Chat.Jinja.Syntax.Nodes;
using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja;

/// <summary>A parsed template. It is immutable, and any number of threads may render it.</summary>
internal sealed class JinjaTemplate
{
    private readonly Statement _body;

    private JinjaTemplate(Statement body) => _body = body;

    /// <exception cref="ChatTemplateException">The source is not a valid template.</exception>
    public static JinjaTemplate Parse(string source)
    {
        try
        {
            return new JinjaTemplate(Parser.Parse(source));
        }
        catch (InsufficientExecutionStackException failure)
        {
            throw new ChatTemplateException("The template is nested too deeply.", failure);
        }
    }

    /// <summary>Renders with the variables that <paramref name="prepare"/> sets.</summary>
    /// <exception cref="ChatTemplateException">The template fails or reaches a bound.</exception>
    public IReadOnlyList<PromptSpan> Render(Action<Scope> prepare, TemplateLimits limits, TimeProvider clock, CancellationToken cancellation)
    {
        var rendering = new Rendering(new Budget(limits, clock, cancellation), clock);
        var globals = new Scope(rendering);
        Globals.AddTo(globals);
        prepare(globals);
        TextBuilder output = rendering.NewText();
        try
        {
            _body.Execute(new Scope(globals), output);
        }
        catch (OverflowException failure)
        {
            throw new ChatTemplateException("The template computes a number that is too large.", failure);
        }
        catch (InsufficientExecutionStackException failure)
        {
            throw new ChatTemplateException("The template's expressions are nested too deeply.", failure);
        }
        catch (InvalidOperationException failure) when (failure.InnerException is ChatTemplateException inner)
        {
            // A sort wraps what its comparison throws.
            throw new ChatTemplateException(inner.Message, failure);
        }
        return output.ToSpans();
    }
}
