using System.Text.Json;
using LlamaHost.Engine.Requests;
using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Hosting;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.ApplyTemplate;

/// <summary><c>POST /apply-template</c>: a conversation as its model would read it.</summary>
internal sealed class ApplyTemplateEndpoint(
    InferenceRuntime runtime, ConversationPrompter prompter, IOptions<ServerOptions> options, ShutdownDrain shutdown)
{
    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context) => shutdown.RunAsync(context, async cancellationToken =>
    {
        ApplyTemplateRequest request = await ReadAsync(context.Request, cancellationToken);
        ModelEntry model = runtime.Resolve(request.Model);
        ModelDescription description = await runtime.EnsureReadyAsync(model, cancellationToken);
        var conversation = new Conversation(request.Messages)
        {
            Tools = request.Tools,
            AddGenerationPrompt = request.AddGenerationPrompt,
            ContinuesFinalMessage = request.ContinueFinalMessage,
            Variables = request.Variables,
            Template = request.Template,
        };
        ConversationPrompt prompt = await prompter.PromptAsync(model, description, conversation, cancellationToken);
        var answer = new ApplyTemplateResponse { Model = model.Id, Prompt = prompt.Text, TokenIds = prompt.Tokens };
        await context.Response.WriteAsJsonAsync(
            answer, ApplyTemplateJson.Readable.ApplyTemplateResponse, cancellationToken: cancellationToken);
    });

    private async Task<ApplyTemplateRequest> ReadAsync(HttpRequest http, CancellationToken cancellationToken)
    {
        using JsonDocument body = await JsonBody.ReadAsync(http, (options.Value.MaxRequestBodyBytes, options.Value.MaxJsonDepth), cancellationToken);
        ApplyTemplateRequest request = ApplyTemplateRequest.Table.Bind(body.RootElement);
        return request.Template is null || options.Value.AllowRequestTemplates
            ? request
            : throw ApiException.BadRequest(
                ErrorCodes.TemplatesNotAllowed, "template",
                "This server takes no templates from requests; its operator can allow them with the setting Server:AllowRequestTemplates.");
    }
}
