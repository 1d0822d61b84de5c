using LlamaHost.Server.Errors;
using LlamaHost.Server.Generations;
using LlamaHost.Server.Hosting;
using LlamaHost.Server.OpenAi.Responses.Events;
using LlamaHost.Server.OpenAi.Responses.Storage;
using LlamaHost.Server.Streaming;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.OpenAi.Responses;

/// <summary>
/// Sends a response while it is made, or when it has been. It is kept before its client learns of its end, so that the client can go on from it at
/// once.
/// </summary>
internal sealed class ResponseSender(
    RunningResponses responses, ResponseArchive archive, IOptions<ServerOptions> options, ShutdownDrain shutdown, TimeProvider time)
{
    /// <summary>Sends it whole.</summary>
    public async Task SendAsync(HttpContext context, GenerationRun run, ResponsePlan plan, CancellationToken cancellationToken)
    {
        var answer = new ResponseAnswer(plan, time);
        await foreach (PromptEvent step in run.Events.ReadAllAsync(cancellationToken))
            answer.Add(step.Event);
        answer.End(run.Usage);
        await KeepAsync(answer, plan, cancellationToken);
        await context.Response.WriteAsJsonAsync(answer.Response, ResponseJson.Readable.ResponseObject, cancellationToken: cancellationToken);
    }

    /// <summary>Streams it: server-sent events with names. A failure after the beginning is the last of them.</summary>
    /// <exception cref="StreamFailedException">It failed or was cancelled, and its client was told.</exception>
    public async Task StreamAsync(HttpContext context, GenerationRun run, ResponsePlan plan, CancellationToken cancellationToken)
    {
        var answer = new ResponseAnswer(plan, time);
        using RunningResponse running = responses.Begin(answer.Response, cancellationToken);
        using var writer = new NamedEventWriter(context.Response);
        await writer.StartAsync(cancellationToken);
        try
        {
            Write(answer.Begin());
            IEnumerable<ResponseEvent> last;
            try
            {
                await EventPump.RunAsync(
                    run.Events, step => Write(answer.Add(step.Event)), writer, options.Value.StreamHeartbeat, time, running.Token);
                last = answer.End(run.Usage);
            }
            catch (OperationCanceledException) when (running.IsCancelled && !cancellationToken.IsCancellationRequested)
            {
                last = answer.Cancel();
            }
            await KeepAsync(answer, plan, cancellationToken);
            running.End(answer.Response);
            Write(last);
            await writer.FlushAsync(cancellationToken);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested)
        {
            Exception reason = shutdown.Explain(error);
            IEnumerable<ResponseEvent> last = answer.Fail(ProblemResponse.ToApiException(reason));
            await KeepAsync(answer, plan, context.RequestAborted);
            running.End(answer.Response);
            Write(last);
            await writer.FlushAsync(context.RequestAborted);
            throw new StreamFailedException(reason);
        }
        // For the log: nothing was completed.
        if (answer.Response.Status == ResponseStatus.Cancelled)
        {
            throw new StreamFailedException(
                new ApiException(StatusCodes.Status409Conflict, ErrorCodes.ResponseCancelled, null, "A client cancelled the response."));
        }

        void Write(IEnumerable<ResponseEvent> events)
        {
            foreach (ResponseEvent one in events)
                writer.Write(one.EventName, one, ResponseJson.Readable.ResponseEvent);
        }
    }

    private async Task KeepAsync(ResponseAnswer answer, ResponsePlan plan, CancellationToken cancellationToken)
    {
        if (plan.Request.Store)
            await archive.SaveAsync(answer.Response, plan.Input, cancellationToken);
    }
}
