using LlamaHost.Engine.Requests;
using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.Generations;
using LlamaHost.Server.Hosting;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.OpenAi.Responses.Items;
using LlamaHost.Server.OpenAi.Responses.Storage;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.OpenAi.Responses;

/// <summary><c>POST /v1/responses</c>.</summary>
internal sealed class ResponseEndpoint(
    InferenceRuntime runtime, BodyReader body, OpenAiModels models, ConversationPrompter prompter, ResponseArchive archive, GenerationRunner runner,
    GenerationLog log, ResponseSender sender, IOptions<ServerOptions> options, ShutdownDrain shutdown, TimeProvider time)
{
    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context) => shutdown.RunAsync(context, cancellationToken => AnswerAsync(context, cancellationToken));

    private async Task AnswerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ResponseRequest request = await body.ReadAsync(context.Request, ResponseParameters.Table, cancellationToken);
        // What can't be kept doesn't say that it was.
        request.Store &= options.Value.MaxStoredResponses > 0;
        string? grammar = ResponsePlan.CheckAlone(request, options.Value.MaxSequencesPerRequest);
        ModelEntry model = models.Resolve(request.Sampling.Model);
        IReadOnlyList<ResponseItem> earlier = request.PreviousResponseId is { } previous
            ? await archive.ConversationAsync(previous, cancellationToken)
            : [];
        IReadOnlyList<ResponseItem> input = await archive.ResolveAsync(request.Input ?? [], cancellationToken);
        Conversation conversation = request.ToConversation([.. earlier, .. input]);
        ModelDescription description = await runtime.EnsureReadyAsync(model, cancellationToken);
        ConversationPrompt prompt = await prompter.PromptAsync(model, description, conversation, cancellationToken);
        string id = OpenAiIds.New("resp_", time.GetUtcNow());
        ResponsePlan plan = ResponsePlan.Create(id, request, input, grammar, prompt, model, description);
        log.Prompts(plan.Id, model.Id, [prompt.Text]);
        await runner.RunAsync(
            context, model, plan.Id, [plan.Generation],
            run => request.Sampling.Stream
                ? sender.StreamAsync(context, run, plan, cancellationToken)
                : sender.SendAsync(context, run, plan, cancellationToken),
            cancellationToken);
    }
}
