using LlamaHost.Engine.Requests;
using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Generations;
using LlamaHost.Server.Hosting;
using LlamaHost.Server.OpenAi.Common;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.OpenAi.Completions;

/// <summary><c>POST /v1/completions</c>: binds, checks, has the prompts scored and continued, and answers at once or in chunks.</summary>
internal sealed class CompletionEndpoint(
    InferenceRuntime runtime, IOptions<ServerOptions> options, ShutdownDrain shutdown, TimeProvider time, BodyReader bodies, OpenAiModels models,
    GenerationLog log, GenerationRunner runner, OpenAiStream stream)
{
    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context) => shutdown.RunAsync(context, async cancellationToken =>
    {
        CompletionRequest request = await bodies.ReadAsync(context.Request, CompletionParameters.Table, cancellationToken);
        string? grammar = CompletionParameters.CheckAlone(request, options.Value.MaxSequencesPerRequest);
        ModelEntry model = models.Resolve(request.Sampling.Model);
        CompletionPlan plan = await PlanAsync(request, grammar, model, cancellationToken);
        log.Prompts(plan.Id, model.Id, [.. plan.Prompts.Select(prompt => prompt.Text)]);
        IReadOnlyList<ScoredPrompt>? echoed = plan.ScoresPrompts ? await PromptScores.ReadAsync(runtime, plan, cancellationToken) : null;
        if (plan.Generations.Count == 0)
            await AnswerWithPromptsAsync(context, plan, echoed, cancellationToken);
        else
        {
            await runner.RunAsync(
                context, model, plan.Id, plan.Generations, run => AnswerAsync(context, plan, echoed, run, cancellationToken), cancellationToken);
        }
    });

    private async Task<CompletionPlan> PlanAsync(
        CompletionRequest request, string? grammar, ModelEntry model, CancellationToken cancellationToken)
    {
        ModelDescription description = await runtime.EnsureReadyAsync(model, cancellationToken);
        // Before the worker is asked for their text.
        SamplingRule.CheckTokens(request.Sampling, description);
        SamplingRule.CheckTokens(request.Prompts.SelectMany(prompt => prompt.Tokens ?? []), "prompt", description);
        IReadOnlyList<CompletionPrompt> prompts = await new CompletionTokenizer(runtime, model).TokenizeAsync(request, cancellationToken);
        return CompletionPlan.Create(OpenAiIds.New("cmpl-", time.GetUtcNow()), request, grammar, prompts, model, description);
    }

    private async Task AnswerAsync(
        HttpContext context, CompletionPlan plan, IReadOnlyList<ScoredPrompt>? echoed, GenerationRun run, CancellationToken cancellationToken)
    {
        DateTimeOffset created = time.GetUtcNow();
        if (plan.Request.Sampling.Stream)
        {
            var chunks = new CompletionChunks(plan, echoed, created);
            await stream.SendAsync(context, run, chunks, CompletionJson.Default.CompletionResponse, cancellationToken);
            return;
        }
        CollectedSequence[][] sequences = await CollectedSequence.ReadAllAsync(run, plan.Generations, cancellationToken);
        CompletionChoice[] choices = [.. new CompletionAnswer(plan, echoed).Choices(sequences)];
        await WriteAsync(context.Response, plan.Answer(created, choices, OpenAiUsage.Of(run.Usage)), cancellationToken);
    }

    private async Task AnswerWithPromptsAsync(
        HttpContext context, CompletionPlan plan, IReadOnlyList<ScoredPrompt>? echoed, CancellationToken cancellationToken)
    {
        DateTimeOffset created = time.GetUtcNow();
        GenerationUsage cost = GenerationUsage.Of(
            plan.Prompts.Sum(prompt => prompt.Tokens.Count), 0,
            [.. plan.Prompts.Select((_, index) => (IReadOnlyList<SequenceUsage>)[echoed?[index].Usage ?? default])]);
        OpenAiUsage usage = OpenAiUsage.Of(cost);
        if (plan.Request.Sampling.Stream)
        {
            var chunks = new CompletionChunks(plan, echoed, created);
            await OpenAiStream.SendAsync(context, chunks.PromptsAlone(usage), CompletionJson.Default.CompletionResponse, cancellationToken);
        }
        else
        {
            await WriteAsync(
                context.Response, plan.Answer(created, [.. new CompletionAnswer(plan, echoed).PromptsAlone()], usage), cancellationToken);
        }
        log.Completed(plan.Id, plan.Model.Id, cost);
    }

    private static Task WriteAsync(HttpResponse http, CompletionResponse answer, CancellationToken cancellationToken) =>
        http.WriteAsJsonAsync(answer, CompletionJson.Readable.CompletionResponse, cancellationToken: cancellationToken);
}
