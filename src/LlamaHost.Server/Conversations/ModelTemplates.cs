using System.Collections.Concurrent;
using LlamaHost.Chat;
using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.Conversations;

/// <summary>Finds the template of each model, parses it once, and says in the log which it is.</summary>
internal sealed partial class ModelTemplates(ILogger<ModelTemplates> logger)
{
    /// <summary>Name of the template that some models have beside the usual one, for conversations with tools.</summary>
    private const string ToolTemplate = "tool_use";

    private readonly ConcurrentDictionary<string, Chosen> _chosen = new(StringComparer.Ordinal);

    /// <summary>The template for a conversation with a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="description">The model as it is loaded.</param>
    /// <param name="withTools">Whether there are tools.</param>
    /// <exception cref="ApiException">503 <c>chat_template_invalid</c>: the template can't be read; only the operator can mend that.</exception>
    public ModelTemplate Find(ModelEntry model, ModelDescription description, bool withTools)
    {
        bool forTools = withTools && model is { ConfiguredChatTemplate: null, ChatTemplateFile: null }
            && model.NamedChatTemplates.ContainsKey(ToolTemplate);
        string key = forTools ? $"{model.Id}\n{ToolTemplate}" : model.Id;
        // A file that was replaced may bring another template.
        if (_chosen.TryGetValue(key, out Chosen? chosen) && chosen.Written == model.Created)
            return chosen.Template;
        var found = new Chosen(model.Created, Choose(model, description, forTools));
        _chosen[key] = found;
        return found.Template;
    }

    private ModelTemplate Choose(ModelEntry model, ModelDescription description, bool forTools)
    {
        try
        {
            string? configured = model.ChatTemplateFile is { } file ? File.ReadAllText(file) : model.ConfiguredChatTemplate;
            var traits = new ModelTraits
            {
                Template = forTools ? model.NamedChatTemplates[ToolTemplate] : model.ChatTemplate,
                Name = model.Name,
                Architecture = model.Architecture ?? description.Architecture,
                ControlTokens = description.ControlTokens.Select(token => token.Text).ToHashSet(StringComparer.Ordinal),
            };
            TemplateChoice choice = TemplateChoice.For(configured, traits);
            LogChoice(model.Id, choice.Name ?? (configured is null ? "its own" : "the configured one"), choice.Reason);
            return new ModelTemplate(choice.Source);
        }
        catch (Exception error) when (error is ChatTemplateException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            LogInvalid(model.Id, error.Message);
            throw new ApiException(
                StatusCodes.Status503ServiceUnavailable, ErrorCodes.ChatTemplateInvalid, null,
                $"The chat template of the model '{model.Id}' can't be used: {error.Message} The setting ChatTemplate can name another.");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Chat template of {Model}: {Template}, because {Reason}")]
    private partial void LogChoice(string model, string template, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The chat template of {Model} can't be used: {Reason}")]
    private partial void LogInvalid(string model, string reason);

    private sealed record Chosen(DateTimeOffset Written, ModelTemplate Template);
}
