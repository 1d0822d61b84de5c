using LlamaHost.Engine.Requests;
using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Runtime.Scoring;
using LlamaHost.Server.Generate.Prompts;
using LlamaHost.Server.Generations;
using LlamaHost.Server.Hosting;
using LlamaHost.Server.Score;
using LlamaHost.Server.Streaming;

namespace LlamaHost.Server.Generate.Choices;

/// <summary>Answers requests of <c>POST /generate</c> with <c>choices</c>: the model scores them, and nothing is generated.</summary>
internal sealed class ChoiceEndpoint(InferenceRuntime runtime, ShutdownDrain shutdown, TimeProvider time, GenerationLog log)
{
    /// <summary>Answers one request.</summary>
    public async Task AnswerAsync(
        HttpContext context, StreamFormat format, GeneratePlan plan, TokenizedRequest tokens, ModelEntry model, CancellationToken cancellationToken)
    {
        ModelDescription description = await runtime.EnsureReadyAsync(model, cancellationToken);
        ScoringRequest[] requests = [.. tokens.Prompts.Select(prompt => Plan(plan.Request, prompt, description))];
        try
        {
            var answer = new ChoiceAnswer(plan, await runtime.ScoreAsync(model, requests, cancellationToken));
            DateTimeOffset created = time.GetUtcNow();
            GenerateResponse whole = answer.Complete(model.Id, created, withSequences: true);
            if (format == StreamFormat.None)
                await context.Response.WriteAsJsonAsync(whole, GenerateJson.Readable.GenerateResponse, cancellationToken: cancellationToken);
            else
                await StreamAsync(context.Response, format, answer, answer.Complete(model.Id, created, withSequences: false), cancellationToken);
            log.Completed(plan.Id, model.Id, answer.Usage with { Sequences = plan.SequenceCount });
        }
        catch (Exception error) when (!IsRefusal(error))
        {
            log.Ended(
                plan.Id, model.Id, plan.SequenceCount, generatedTokens: 0, shutdown.Explain(error), context.RequestAborted.IsCancellationRequested);
            throw;
        }
    }

    // What was never admitted has no line: under overload there would be too many.
    private static bool IsRefusal(Exception error) => error is InvalidRequestException or ModelUnavailableException { IsOverload: true };

    private static ScoringRequest Plan(GenerateRequest request, TokenizedPrompt prompt, ModelDescription model)
    {
        int top = request.Logprobs ?? 0;
        ContinuationPlan plan = model.EncoderLength > 0
            ? ContinuationPlan.CreateForDecoder(prompt.Tokens, prompt.Choices, top, model, "choices")
            : ContinuationPlan.Create(prompt.Tokens, prompt.Choices, top, model, "choices");
        return plan.Request with { Priority = request.Priority, CacheSalt = request.CacheSalt };
    }

    private static async Task StreamAsync(
        HttpResponse http, StreamFormat format, ChoiceAnswer answer, GenerateResponse done, CancellationToken cancellationToken)
    {
        using EventWriter writer = EventWriter.Create(format, http);
        await writer.StartAsync(cancellationToken);
        foreach (GenerateEvent one in answer.Events())
            writer.Write(one);
        writer.Write(done);
        await writer.FlushAsync(cancellationToken);
    }
}
