using LlamaHost.Engine.Requests;
using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.Generations;
using LlamaHost.Server.Hosting;
using LlamaHost.Server.OpenAi.Common;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.OpenAi.Chat;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal sealed class ChatEndpoint(
    InferenceRuntime runtime, BodyReader body, OpenAiModels models, ConversationPrompter prompter, GenerationRunner runner, GenerationLog log,
    OpenAiStream stream, IOptions<ServerOptions> options, ShutdownDrain shutdown, TimeProvider time)
{
    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context) => shutdown.RunAsync(context, cancellationToken => AnswerAsync(context, cancellationToken));

    private async Task AnswerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ChatRequest request = await body.ReadAsync(context.Request, ChatParameters.Table, cancellationToken);
        string? grammar = ChatPlan.CheckAlone(request, options.Value.MaxSequencesPerRequest);
        ModelEntry model = models.Resolve(request.Sampling.Model);
        ModelDescription description = await runtime.EnsureReadyAsync(model, cancellationToken);
        ConversationPrompt prompt = await prompter.PromptAsync(model, description, request.ToConversation(), cancellationToken);
        ChatPlan plan = ChatPlan.Create(OpenAiIds.New("chatcmpl-", time.GetUtcNow()), request, grammar, prompt, model, description);
        log.Prompts(plan.Id, model.Id, [prompt.Text]);
        await runner.RunAsync(
            context, model, plan.Id, [plan.Generation], run => SendAsync(context, run, plan, cancellationToken), cancellationToken);
    }

    private async Task SendAsync(HttpContext context, GenerationRun run, ChatPlan plan, CancellationToken cancellationToken)
    {
        var answer = new ChatAnswer(plan, time.GetUtcNow());
        if (plan.Request.Sampling.Stream)
        {
            await stream.SendAsync(context, run, answer, ChatJson.Default.ChatChunk, cancellationToken);
            return;
        }
        await foreach (PromptEvent step in run.Events.ReadAllAsync(cancellationToken))
        {
            foreach (ChatChunk _ in answer.Add(step))
            {
            }
        }
        await context.Response.WriteAsJsonAsync(
            answer.Complete(run.Usage), ChatJson.Readable.ChatCompletion, cancellationToken: cancellationToken);
    }
}
