namespace LlamaHost.Server.Rehearsals;

/// <summary>Runs the rehearsals as soon as the server listens: a worker is loading its model then, mostly on one core.</summary>
internal sealed partial class Rehearsal(IEnumerable<IRehearsal> rehearsals, IHostApplicationLifetime lifetime, ILogger<Rehearsal> logger)
    : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => _ = Task.Run(RunAllAsync, CancellationToken.None));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RunAllAsync()
    {
        try
        {
            foreach (IRehearsal rehearsal in rehearsals)
                await rehearsal.RunAsync();
        }
        catch (Exception failure)
        {
            // The first request will take its time, and say what is wrong.
            LogFailed(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A rehearsal failed")]
    private partial void LogFailed(Exception failure);
}
