using LlamaHost.Bench.Serving;

namespace LlamaHost.Bench.Load;

/// <summary>Requests, and when they are sent. The same load can be put on several servers.</summary>
internal interface ILoad
{
    Task<LoadRun> RunAsync(CompletionClient client, CancellationToken cancellationToken);
}
