using LlamaHost.Protocol;

namespace LlamaHost.Worker.Hosting;

/// <summary>Logs to the host, which decides where it goes.</summary>
internal sealed class PipeLoggerProvider(PipeOutput output) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new PipeLogger(categoryName, output);

    public void Dispose()
    {
    }

    private sealed class PipeLogger(string category, PipeOutput output) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            output.Write(new WorkerLine
            {
                Level = logLevel.ToString(),
                Category = category,
                Message = formatter(state, exception),
                Exception = exception?.ToString(),
            });
        }
    }
}
