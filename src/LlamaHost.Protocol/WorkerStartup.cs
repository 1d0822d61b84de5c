using LlamaHost.Engine.Requests;

namespace LlamaHost.Protocol;

/// <summary>
/// The one JSON line that the host writes to a worker's standard input. The host keeps the pipe open afterwards: its end is the
/// worker's end, however the host ended.
/// </summary>
public sealed record WorkerStartup
{
    /// <summary>Full path of the Unix domain socket to listen on, in a directory that only the host's user can enter.</summary>
    public required string SocketPath { get; init; }

    /// <summary>The model and how to run it.</summary>
    public required EngineSettings Engine { get; init; }

    /// <summary>Least level to log, a name of <c>Microsoft.Extensions.Logging.LogLevel</c>.</summary>
    public string LogLevel { get; init; } = "Information";
}

/// <summary>
/// One line of a worker's standard output. Standard error, and output lines that don't start with <c>{</c>, come from native code and
/// have no level.
/// </summary>
public sealed record WorkerLine
{
    /// <summary>Set once: the socket accepts connections.</summary>
    public bool Listening { get; init; }

    /// <summary>A name of <c>Microsoft.Extensions.Logging.LogLevel</c>.</summary>
    public string Level { get; init; } = "Information";

    /// <summary>Who logged it.</summary>
    public string Category { get; init; } = "";

    /// <summary>The rendered message.</summary>
    public string Message { get; init; } = "";

    /// <summary>The exception with its stack, if any.</summary>
    public string? Exception { get; init; }
}

/// <summary>Exit codes of a worker that ended by itself.</summary>
public static class WorkerExitCode
{
    /// <summary>The native context failed beyond repair (BSD's <c>EX_SOFTWARE</c>); another worker may do better.</summary>
    public const int FatalEngine = 70;

    /// <summary>The start line on standard input was missing or unreadable (BSD's <c>EX_USAGE</c>).</summary>
    public const int BadStartup = 64;
}
