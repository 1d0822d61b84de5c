using LlamaHost.Chat;

namespace LlamaHost.Server.Conversations;

/// <summary>A parsed template, and what it tells about the way its model writes.</summary>
internal sealed class ModelTemplate
{
    /// <param name="source">Jinja text.</param>
    /// <exception cref="ChatTemplateException">It is not valid.</exception>
    public ModelTemplate(string source)
    {
        Template = ChatTemplate.Parse(source);
        Reasoning = ReasoningFormat.Of(source);
        // Whoever is told of its tools in words by this server is told to write as Hermes does.
        Calls = Template.MentionsTools ? ToolCallFormat.Of(source) : ToolCallFormat.Hermes;
    }

    /// <summary>The template.</summary>
    public ChatTemplate Template { get; }

    /// <summary>How the model marks its thoughts; <see langword="null"/>: it does not.</summary>
    public ReasoningFormat? Reasoning { get; }

    /// <summary>How the model writes calls; <see langword="null"/>: in a way that is not known.</summary>
    public ToolCallFormat? Calls { get; }

    /// <summary>How a grammar makes the model write calls.</summary>
    public ToolCallFormat EnforcedCalls => Calls ?? ToolCallFormat.Hermes;
}
