using LlamaHost.Bench.Load;
using LlamaHost.Bench.Serving;

namespace LlamaHost.Bench.Servers;

/// <summary>
/// The servers of one suite, all ready at once. Idle ones cost nothing, so that they can take turns at the same load without a start in between.
/// </summary>
internal sealed class ServerSet : IAsyncDisposable
{
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(300);

    private readonly List<ServerProcess> _processes = [];
    private readonly List<CompletionClient> _clients = [];

    private ServerSet()
    {
    }

    /// <summary>One client per server; the first is the one that the others are compared with.</summary>
    public IReadOnlyList<CompletionClient> Clients => _clients;

    /// <summary>
    /// Starts the programs one after the other and puts each under a short load, so that its weights are in memory and its code is compiled: what is
    /// measured is a server that has been running for a while.
    /// </summary>
    public static async Task<ServerSet> StartAsync(ServingSettings settings, CancellationToken cancellationToken)
    {
        var set = new ServerSet();
        try
        {
            foreach (ServerProgram program in settings.Programs())
            {
                var process = ServerProcess.Start(program);
                set._processes.Add(process);
                await process.WaitUntilReadyAsync(cancellationToken).ConfigureAwait(false);
                set._clients.Add(new CompletionClient(process.Target));
            }
            set._clients.AddRange(settings.RunningTargets().Select(target => new CompletionClient(target)));
            foreach (CompletionClient client in set._clients)
                await WarmUpAsync(client, settings.WarmUp, cancellationToken).ConfigureAwait(false);
            return set;
        }
        catch
        {
            await set.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Measures every server once per turn. Who goes first changes with the turn, so that whatever else the machine does hits all alike.
    /// </summary>
    /// <param name="turns">How many turns.</param>
    /// <param name="measure">Measures one server in one turn.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>For each server, in the order of <see cref="Clients"/>, what was measured in each turn.</returns>
    public async Task<IReadOnlyList<T[]>> TakeTurnsAsync<T>(
        int turns, Func<CompletionClient, int, Task<T>> measure, CancellationToken cancellationToken)
    {
        T[][] results = [.. _clients.Select(_ => new T[turns])];
        for (int turn = 0; turn < turns; turn++)
        {
            for (int i = 0; i < _clients.Count; i++)
            {
                // ggml's threads poll for more work after their last, for about a tenth of a second.
                await Task.Delay(Rest, cancellationToken).ConfigureAwait(false);
                int next = (i + turn) % _clients.Count;
                results[next][turn] = await measure(_clients[next], turn).ConfigureAwait(false);
                foreach (ServerProcess process in _processes)
                    process.ThrowIfEnded();
            }
        }
        return results;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (CompletionClient client in _clients)
            client.Dispose();
        foreach (ServerProcess process in _processes)
            await process.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task WarmUpAsync(CompletionClient client, int requestsEach, CancellationToken cancellationToken)
    {
        var prompts = new PromptSource(0);
        CompletionRequest[][] requests = [.. Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, requestsEach).Select(
            _ => new CompletionRequest { PromptTokens = prompts.Next(32), NewTokens = 48 }).ToArray())];
        LoadRun run = await new ClosedLoop(requests).RunAsync(client, cancellationToken).ConfigureAwait(false);
        if (run.Completions.FirstOrDefault(one => one.Error is not null) is { } failed)
            throw new InvalidOperationException($"{client.Target.Name}: {failed.Error}");
    }
}
