using LlamaHost.Chat;
using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.Conversations;

/// <summary>Makes prompts of conversations: the model's template, rendered, and its tokens.</summary>
internal sealed class ConversationPrompter(ModelTemplates templates, PromptTokenizer tokenizer, TimeProvider time)
{
    /// <summary>The prompt of a conversation.</summary>
    /// <param name="model">The model.</param>
    /// <param name="description">The model as it is loaded.</param>
    /// <param name="conversation">The conversation.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ApiException">400 <c>chat_template_failed</c>: the template refuses the conversation, in its own words.</exception>
    public async Task<ConversationPrompt> PromptAsync(
        ModelEntry model, ModelDescription description, Conversation conversation, CancellationToken cancellationToken)
    {
        if (description.EncoderLength > 0)
        {
            throw ApiException.BadRequest(
                ErrorCodes.UnsupportedByModel, "model", $"The model '{model.Id}' has an encoder and can't hold conversations; use /generate.");
        }
        if (!description.CanGenerate)
            throw ApiException.BadRequest(ErrorCodes.UnsupportedByModel, "model", $"The model '{model.Id}' makes embeddings alone.");
        ModelTemplate style = Style(model, description, conversation);
        RenderedPrompt rendered = Render(style, description, conversation, time, cancellationToken);
        IReadOnlyList<int> tokens = await tokenizer.TokenizeAsync(model, description, rendered, cancellationToken);
        bool isThinking = style.Reasoning is { } reasoning && rendered.EndsWithin(reasoning.Open, reasoning.Close);
        return new ConversationPrompt(rendered.Text, tokens, style, isThinking);
    }

    private ModelTemplate Style(ModelEntry model, ModelDescription description, Conversation conversation)
    {
        if (conversation.Template is not { } template)
            return templates.Find(model, description, withTools: conversation.Tools.Count > 0);
        try
        {
            return new ModelTemplate(template);
        }
        catch (ChatTemplateException error)
        {
            throw ApiException.BadRequest(ErrorCodes.ChatTemplateFailed, "template", $"The template is not valid: {error.Message}");
        }
    }

    /// <summary>The text of a conversation's prompt.</summary>
    /// <exception cref="ApiException">400 <c>chat_template_failed</c>.</exception>
    public static RenderedPrompt Render(
        ModelTemplate style, ModelDescription description, Conversation conversation, TimeProvider time, CancellationToken cancellationToken)
    {
        Conversation told = style.Template.MentionsTools ? conversation : ToolsInWords.Tell(conversation);
        var input = new TemplateInput(told.Messages)
        {
            Tools = told.Tools.Count > 0 ? told.Tools : null,
            AddGenerationPrompt = told.AddGenerationPrompt,
            ContinuesFinalMessage = told.ContinuesFinalMessage,
            BosToken = TextOf(description, description.BosTokenId),
            EosToken = TextOf(description, description.EosTokenIds is [var end, ..] ? end : null),
            Variables = told.Variables,
        };
        try
        {
            return style.Template.Render(input, time, limits: null, cancellationToken);
        }
        catch (ChatTemplateException error)
        {
            throw ApiException.BadRequest(
                ErrorCodes.ChatTemplateFailed, conversation.MessagesField, $"The model's chat template refuses the messages: {error.Message}");
        }
    }

    private static string? TextOf(ModelDescription description, int? token) =>
        description.ControlTokens.Where(one => one.Id == token).Select(one => one.Text).FirstOrDefault();
}
