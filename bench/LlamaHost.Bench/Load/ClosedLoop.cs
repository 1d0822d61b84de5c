using System.Diagnostics;
using LlamaHost.Bench.Serving;

namespace LlamaHost.Bench.Load;

/// <summary>Clients that send their next request when they have the answer to the last: the server sets the pace.</summary>
/// <param name="clients">The requests of each client.</param>
internal sealed class ClosedLoop(CompletionRequest[][] clients) : ILoad
{
    public async Task<LoadRun> RunAsync(CompletionClient client, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        List<Completion>[] completions = await Task.WhenAll(clients.Select(SendAsync)).ConfigureAwait(false);
        return new LoadRun([.. completions.SelectMany(one => one)], Stopwatch.GetElapsedTime(start));

        async Task<List<Completion>> SendAsync(CompletionRequest[] requests)
        {
            List<Completion> answers = [];
            foreach (CompletionRequest request in requests)
                answers.Add(await client.CompleteAsync(request, cancellationToken).ConfigureAwait(false));
            return answers;
        }
    }
}
