using LlamaHost.Engine.Requests;
using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.Hosting;

namespace LlamaHost.Server.Generations;

/// <summary>Has prompts continued for a request of any API, and writes the log's line about it.</summary>
internal sealed class GenerationRunner(InferenceRuntime runtime, ShutdownDrain shutdown, GenerationLog log)
{
    /// <summary>Admits the requests, all or none, and cancels them when the answer is sent or can't be.</summary>
    /// <param name="context">The HTTP request.</param>
    /// <param name="model">The model.</param>
    /// <param name="id">Id of the answer.</param>
    /// <param name="requests">One per prompt.</param>
    /// <param name="answer">
    /// Reads all events and answers. A <see cref="StreamFailedException"/> says that a stream had begun and has told its client what ended it.
    /// </param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task RunAsync(
        HttpContext context, ModelEntry model, string id, IReadOnlyList<GenerationRequest> requests, Func<GenerationRun, Task> answer,
        CancellationToken cancellationToken)
    {
        await using var run = new GenerationRun(await runtime.StartAsync(model, requests, cancellationToken), cancellationToken);
        try
        {
            await answer(run);
            log.Completed(id, model.Id, run.Usage);
        }
        catch (StreamFailedException failed)
        {
            log.Ended(id, model.Id, run.SequenceCount, run.GeneratedTokens, failed.Reason, isDisconnect: false);
        }
        catch (Exception error)
        {
            log.Ended(
                id, model.Id, run.SequenceCount, run.GeneratedTokens, shutdown.Explain(error), context.RequestAborted.IsCancellationRequested);
            throw;
        }
    }
}
