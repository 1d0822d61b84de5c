using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Runtime.Tests.Harness;

/// <summary>Keeps what is logged, and shows it in the test's output.</summary>
internal sealed class TestLoggers : ILoggerFactory
{
    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;

    public ConcurrentQueue<(LogLevel Level, string Category, string Message)> Entries { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private void Write(LogLevel level, string category, string message)
    {
        Entries.Enqueue((level, category, message));
        try
        {
            _output?.WriteLine($"{DateTime.Now:HH:mm:ss.fff} {level} {category}: {message}");
        }
        catch (InvalidOperationException)
        {
            // The test has ended.
        }
    }

    private sealed class Logger(TestLoggers owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            owner.Write(logLevel, category, formatter(state, exception) + (exception is null ? "" : Environment.NewLine + exception));
    }
}
