using LlamaHost.Runtime.Metrics;
using Microsoft.Extensions.Hosting;

namespace LlamaHost.Runtime;

/// <summary>
/// Ties the runtime to the host: workers start with it without holding it up, new requests are turned away as soon as it is told to stop, and
/// it stops when the open ones have ended.
/// </summary>
internal sealed class RuntimeLifetime(InferenceRuntime runtime, RuntimeMetrics metrics, IHostApplicationLifetime lifetime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(runtime.Close);
        runtime.LoadAtStart();
        metrics.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => runtime.DrainAsync(cancellationToken);
}
