using Microsoft.Extensions.Hosting;

namespace LlamaHost.Runtime;

/// <summary>Ties the runtime to the host: models are loaded once it has started, and open requests end before it does.</summary>
internal sealed class RuntimeLifetime(InferenceRuntime runtime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ = runtime;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
