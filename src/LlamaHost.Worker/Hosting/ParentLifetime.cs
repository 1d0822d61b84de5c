using Microsoft.Extensions.Hosting;

namespace LlamaHost.Worker.Hosting;

/// <summary>
/// In place of the console's lifetime, which would stop the server at a signal: a worker lives as long as its parent, see <see cref="ParentWatch"/>.
/// </summary>
internal sealed class ParentLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
