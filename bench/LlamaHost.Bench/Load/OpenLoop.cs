using System.Diagnostics;
using LlamaHost.Bench.Serving;

namespace LlamaHost.Bench.Load;

/// <summary>
/// Requests that come when they come, however busy the server is. Their times count from when they were due, so that a slow server can't hide its
/// queue.
/// </summary>
/// <param name="requests">Each request, and when it is due after the start; ascending.</param>
internal sealed class OpenLoop((TimeSpan Due, CompletionRequest Request)[] requests) : ILoad
{
    public async Task<LoadRun> RunAsync(CompletionClient client, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        List<Task<Completion>> sent = [];
        foreach ((TimeSpan due, CompletionRequest request) in requests)
        {
            TimeSpan wait = due - Stopwatch.GetElapsedTime(start);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, cancellationToken).ConfigureAwait(false);
            sent.Add(client.CompleteAsync(request, start + (long)(due.TotalSeconds * Stopwatch.Frequency), cancellationToken));
        }
        Completion[] completions = await Task.WhenAll(sent).ConfigureAwait(false);
        return new LoadRun(completions, Stopwatch.GetElapsedTime(start));
    }
}
