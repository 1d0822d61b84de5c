using LlamaHost.Engine.Requests;
using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generate.Choices;
using LlamaHost.Server.Generate.Parameters;
using LlamaHost.Server.Generate.Prompts;
using LlamaHost.Server.Generate.Rules;
using LlamaHost.Server.Generations;
using LlamaHost.Server.Hosting;
using LlamaHost.Server.Streaming;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.Generate;

/// <summary><c>POST /generate</c>: binds, checks, has the prompts continued, and answers at once or as a stream.</summary>
internal sealed class GenerateEndpoint(
    InferenceRuntime runtime, IOptions<ServerOptions> options, ShutdownDrain shutdown, TimeProvider time, GenerationLog log, GenerationRunner runner,
    BodyReader bodies, ChoiceEndpoint choices)
{
    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context) => shutdown.RunAsync(context, cancellationToken => AnswerAsync(context, cancellationToken));

    private async Task AnswerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        GenerateRequest request = await bodies.ReadAsync(context.Request, GenerateParameters.Table, cancellationToken);
        GeneratePlan.CheckAlone(request, options.Value.MaxSequencesPerRequest);
        StreamFormat format = StreamNegotiation.Choose(context.Request, request.Stream);
        ModelEntry model = runtime.Resolve(request.Model);
        (GeneratePlan plan, TokenizedRequest tokens) = await PlanAsync(request, model, cancellationToken);
        log.Prompts(plan.Id, model.Id, plan.Texts);
        if (request.Choices is not null)
        {
            await choices.AnswerAsync(context, format, plan, tokens, model, cancellationToken);
            return;
        }
        await runner.RunAsync(
            context, model, plan.Id, plan.Prompts,
            run => SendAsync(context, format, run, new AnswerBuilder(plan, model.Id, time.GetUtcNow()), cancellationToken), cancellationToken);
    }

    private Task SendAsync(HttpContext context, StreamFormat format, GenerationRun run, AnswerBuilder answer, CancellationToken cancellationToken) =>
        format == StreamFormat.None
            ? CollectAsync(context.Response, run, answer, cancellationToken)
            : StreamAsync(context, format, run, answer, cancellationToken);

    private async Task<(GeneratePlan Plan, TokenizedRequest Tokens)> PlanAsync(
        GenerateRequest request, ModelEntry model, CancellationToken cancellationToken)
    {
        ModelDescription description = await runtime.EnsureReadyAsync(model, cancellationToken);
        // Before the worker is asked for their text.
        TokenRule.Check(request, description.VocabularySize);
        var tokenizer = new RequestTokenizer(runtime, model, hasEncoder: description.EncoderLength > 0);
        TokenizedRequest tokens = await tokenizer.TokenizeAsync(request, cancellationToken);
        string id = $"gen-{Guid.CreateVersion7(time.GetUtcNow()):N}";
        return (GeneratePlan.Create(id, request, tokens, description), tokens);
    }

    private static async Task CollectAsync(
        HttpResponse http, GenerationRun run, AnswerBuilder answer, CancellationToken cancellationToken)
    {
        await foreach (PromptEvent step in run.Events.ReadAllAsync(cancellationToken))
            answer.Add(step, _ => { });
        await http.WriteAsJsonAsync(
            answer.Complete(withSequences: true), GenerateJson.Readable.GenerateResponse, cancellationToken: cancellationToken);
    }

    private async Task StreamAsync(
        HttpContext context, StreamFormat format, GenerationRun run, AnswerBuilder answer, CancellationToken cancellationToken)
    {
        using EventWriter writer = EventWriter.Create(format, context.Response);
        await writer.StartAsync(cancellationToken);
        try
        {
            Action<GenerateEvent> send = writer.Write;
            await EventPump.RunAsync(
                run.Events, step => answer.Add(step, send), writer, options.Value.StreamHeartbeat, time, cancellationToken);
            writer.Write(answer.Complete(withSequences: false));
            await writer.FlushAsync(cancellationToken);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The status line is sent; the stream itself has to say that it is not whole.
            Exception reason = shutdown.Explain(error);
            ApiException told = ProblemResponse.ToApiException(reason);
            writer.Write(new GenerationFailed { Status = told.Status, Code = told.Code, Detail = told.Message });
            await writer.FlushAsync(context.RequestAborted);
            throw new StreamFailedException(reason);
        }
    }
}
