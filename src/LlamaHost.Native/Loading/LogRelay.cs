using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LlamaHost.Native.Interop;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Native.Loading;

/// <summary>
/// Brings llama.cpp's log to a logger as long as it is open. llama.cpp has one log callback for the process, so several relays form a stack that
/// lives where the callback lives: llama.cpp's user data points to the newest, each knows the one before, and a line goes to all that are open.
/// </summary>
internal sealed unsafe partial class LogRelay : IDisposable
{
    // llama_log_get and llama_log_set are not thread-safe.
    private static readonly Lock Gate = new();

    // Taken once: two pointers to the same method need not be equal.
    private static readonly nint Callback = (nint)(delegate* unmanaged[Cdecl]<int, byte*, nint, void>)&OnLog;

    private readonly ILogger _logger;
    private readonly LogLines _lines;
    private readonly GCHandle _self;
    private readonly LogRelay? _previous;
    private volatile bool _closed;

    private LogRelay(ILogger logger, LogRelay? previous)
    {
        _logger = logger;
        _previous = previous;
        _lines = new LogLines(Write);
        _self = GCHandle.Alloc(this);
    }

    /// <summary>A thread's lines, while someone wants them.</summary>
    public event Action<int, NativeLogLevel, string>? Line;

    public static LogRelay Open(ILogger logger)
    {
        lock (Gate)
        {
            var relay = new LogRelay(logger, Current());
            LibLlama.llama_log_set(Callback, GCHandle.ToIntPtr(relay._self));
            return relay;
        }
    }

    public void Dispose()
    {
        lock (Gate)
        {
            _closed = true;
            // Those below a closed one that is not the newest go when it is.
            for (LogRelay? current = Current(); current is { _closed: true }; current = Current())
            {
                if (current._previous is { } previous)
                    LibLlama.llama_log_set(Callback, GCHandle.ToIntPtr(previous._self));
                else
                    LibLlama.llama_log_set(0, 0);
                current._self.Free();
            }
        }
    }

    private static LogRelay? Current()
    {
        nint callback, userData;
        LibLlama.llama_log_get(&callback, &userData);
        return callback == Callback && userData != 0 ? (LogRelay?)GCHandle.FromIntPtr(userData).Target : null;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(int level, byte* text, nint userData)
    {
        try
        {
            LogRelay? relay;
            lock (Gate)
            {
                // A line may come with the user data of a relay that has just been freed: only the current one is certain to exist.
                relay = Current();
            }
            string part = Utf8.String(text);
            for (; relay is not null; relay = relay._previous)
            {
                if (!relay._closed)
                    relay._lines.Add((NativeLogLevel)level, part);
            }
        }
        catch
        {
            // An exception can't cross native frames; losing a log line is the lesser evil.
        }
    }

    private void Write(NativeLogLevel level, string line)
    {
        Line?.Invoke(Environment.CurrentManagedThreadId, level, line);
        // llama.cpp's "info" lists all metadata and buffers: news for those who look into it, not for an operator.
        switch (level)
        {
            case NativeLogLevel.Error:
                LogNativeError(line);
                break;
            case NativeLogLevel.Warn:
                LogNativeWarning(line);
                break;
            case NativeLogLevel.Info:
                LogNativeInfo(line);
                break;
            default:
                LogNativeDebug(line);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "llama.cpp: {Line}")]
    private partial void LogNativeError(string line);

    [LoggerMessage(Level = LogLevel.Warning, Message = "llama.cpp: {Line}")]
    private partial void LogNativeWarning(string line);

    [LoggerMessage(Level = LogLevel.Debug, Message = "llama.cpp: {Line}")]
    private partial void LogNativeInfo(string line);

    [LoggerMessage(Level = LogLevel.Trace, Message = "llama.cpp: {Line}")]
    private partial void LogNativeDebug(string line);
}
