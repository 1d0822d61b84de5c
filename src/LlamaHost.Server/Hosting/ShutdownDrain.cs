using LlamaHost.Runtime;
using LlamaHost.Server.Errors;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.Hosting;

/// <summary>
/// Drains the server before it stops: while Kestrel still answers, new work is refused, readiness is red, and what runs may end. What has
/// not ended in time is cancelled, so that its clients are told rather than cut off.
/// </summary>
internal sealed partial class ShutdownDrain(
    InferenceRuntime runtime, IOptions<ServerOptions> options, TimeProvider time, ILogger<ShutdownDrain> logger)
    : IHostedLifecycleService, IDisposable
{
    /// <summary>What the host needs beyond the drain itself to end connections and workers.</summary>
    public static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _expired = new();
    private volatile bool _isDraining;

    /// <summary>Whether the server is shutting down.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>Cancelled when running requests have had their time.</summary>
    public CancellationToken Expired => _expired.Token;

    /// <summary>What new requests are told.</summary>
    public ApiException Refusal() => new(
        StatusCodes.Status503ServiceUnavailable, ErrorCodes.ShuttingDown, null, "The server is shutting down.")
    { RetryAfter = options.Value.DrainTimeout };

    /// <summary>What really ended a request's work: a cancellation by the drain says nothing to clients or in the log.</summary>
    public Exception Explain(Exception error) => error is OperationCanceledException && Expired.IsCancellationRequested ? Refusal() : error;

    /// <summary>Refuses a request during the drain.</summary>
    /// <exception cref="ApiException">The server is shutting down.</exception>
    public void ThrowIfDraining()
    {
        if (_isDraining)
            throw Refusal();
    }

    /// <summary>Runs a request's work, which ends early if its client leaves or the drain's time is over.</summary>
    /// <exception cref="ApiException">The server is shutting down.</exception>
    public async Task RunAsync(HttpContext context, Func<CancellationToken, Task> work)
    {
        ThrowIfDraining();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, Expired);
        try
        {
            await work(ended.Token);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to answer; the status is for the log.
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (OperationCanceledException) when (Expired.IsCancellationRequested)
        {
            throw Refusal();
        }
    }

    // All services' StoppingAsync run before any StopAsync, Kestrel's included.
    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isDraining = true;
        LogDraining(options.Value.DrainTimeout);
        using var timeout = new CancellationTokenSource(options.Value.DrainTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await runtime.DrainAsync(linked.Token);
        }
        catch (OperationCanceledException)
        {
        }
        if (!linked.IsCancellationRequested)
            return;
        LogExpired();
        await _expired.CancelAsync();
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _expired.Dispose();

    [LoggerMessage(Level = LogLevel.Information, Message = "Shutting down: running requests have {Timeout} to end")]
    private partial void LogDraining(TimeSpan timeout);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Running requests did not end in time; they are cancelled")]
    private partial void LogExpired();
}
