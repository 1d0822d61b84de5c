using System.Text.Json;
using LlamaHost.Protocol;

namespace LlamaHost.Worker.Hosting;

/// <summary>The one line of standard input that says what this worker is for.</summary>
internal static class StartLine
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Reads the line and nothing beyond it: what follows is the parent's silence.</summary>
    /// <exception cref="BadStartupException">There is none, or it says nothing usable.</exception>
    public static WorkerStartup Read(Stream input)
    {
        try
        {
            WorkerStartup startup = PipeJson.ReadStartup(ReadLine(input));
            Check(startup);
            return startup;
        }
        catch (JsonException exception)
        {
            throw new BadStartupException($"The start line is not a worker's: {exception.Message}", exception);
        }
    }

    private static byte[] ReadLine(Stream input)
    {
        using var line = new MemoryStream();
        for (int value = input.ReadByte(); value != '\n'; value = input.ReadByte())
        {
            if (value < 0)
                throw new BadStartupException("Standard input ended before the start line did. Workers are started by the host, not by hand.");
            if (line.Length == MaxBytes)
                throw new BadStartupException($"The start line is longer than {MaxBytes} bytes.");
            line.WriteByte((byte)value);
        }
        return line.ToArray();
    }

    private static void Check(WorkerStartup startup)
    {
        if (!Path.IsPathFullyQualified(startup.SocketPath))
            throw new BadStartupException($"The socket's path is not a full path: \"{startup.SocketPath}\".");
        if (string.IsNullOrEmpty(startup.Engine.ModelPath))
            throw new BadStartupException("The model's path is empty.");
        if (!Enum.TryParse(startup.LogLevel, out LogLevel level) || !Enum.IsDefined(level))
            throw new BadStartupException($"\"{startup.LogLevel}\" is not a log level.");
    }
}
