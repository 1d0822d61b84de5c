using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlamaHost.Protocol;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Runtime.Workers;

/// <summary>Turns what a worker writes into log entries of the host.</summary>
internal sealed partial class WorkerOutput(string model, ILoggerFactory loggers)
{
    private const string NativeCategory = "LlamaHost.Worker.Native";

    private readonly ILogger _native = loggers.CreateLogger(NativeCategory);
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _lastWords;

    /// <summary>Completes when the worker says that its socket accepts connections.</summary>
    public Task Listening => _listening.Task;

    /// <summary>Why native code aborted the process, in ggml's words; <see langword="null"/>: it said nothing of the kind.</summary>
    public string? LastWords => _lastWords;

    /// <summary>The least level that the host would write of a worker's log.</summary>
    public static LogLevel LeastLevel(ILoggerFactory loggers)
    {
        ILogger logger = loggers.CreateLogger("LlamaHost.Worker");
        return Enum.GetValues<LogLevel>().First(level => level == LogLevel.None || logger.IsEnabled(level));
    }

    /// <summary>Reads standard output to its end.</summary>
    public async Task ReadOutputAsync(StreamReader output)
    {
        while (await output.ReadLineAsync().ConfigureAwait(false) is { } text)
        {
            if (Parse(text) is not { } line)
                LogNative(_native, model, text);
            else if (line.Listening)
                _listening.TrySetResult();
            else
                Log(line);
        }
    }

    /// <summary>Reads standard error to its end. Native code writes there; it has no levels.</summary>
    public async Task ReadErrorsAsync(StreamReader errors)
    {
        while (await errors.ReadLineAsync().ConfigureAwait(false) is { } text)
        {
            LogNative(_native, model, text);
            if (AbortMessage().Match(text) is { Success: true } abort)
                _lastWords ??= abort.Groups["message"].Value;
        }
    }

    private void Log(WorkerLine line)
    {
        // A property that the line lacks is null, whatever its type says.
        LogLevel level = Enum.TryParse(line.Level, out LogLevel parsed) ? parsed : LogLevel.Information;
        ILogger logger = loggers.CreateLogger(string.IsNullOrEmpty(line.Category) ? "LlamaHost.Worker" : line.Category);
        string message = line.Exception is { } exception ? $"{line.Message}{Environment.NewLine}{exception}" : line.Message;
        LogWorker(logger, level, model, message);
    }

    private static WorkerLine? Parse(string text)
    {
        if (!text.StartsWith('{'))
            return null;
        try
        {
            return PipeJson.ReadLine(Encoding.UTF8.GetBytes(text));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(Message = "[{Model}] {WorkerMessage}")]
    private static partial void LogWorker(ILogger logger, LogLevel level, string model, string workerMessage);

    [LoggerMessage(Level = LogLevel.Debug, Message = "[{Model}] {Text}")]
    private static partial void LogNative(ILogger logger, string model, string text);

    // ggml_abort: "/folders/ggml-backend.cpp:941: GGML_ASSERT(…) failed".
    [GeneratedRegex(@"(?:^|/)(?<message>[\w.-]+\.(?:c|cc|cpp|cu|cuh|h|m):[0-9]+: .+)$", RegexOptions.CultureInvariant)]
    private static partial Regex AbortMessage();
}
