using LlamaHost.Engine;
using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;

namespace LlamaHost.Worker.Hosting;

/// <summary>
/// Does once, with made-up data and while the parent is waited for, what the model's load and the first request would wait for: most of its time is
/// that of the runtime, which compiles code when it is first used.
/// </summary>
internal static class Rehearsal
{
    /// <summary>Reads a start line, makes loggers, writes a line of output, and chooses tokens.</summary>
    public static void Run()
    {
        var startup = new WorkerStartup { SocketPath = Path.GetFullPath("socket"), Engine = new EngineSettings { ModelPath = "model" } };
        var output = new PipeOutput(Stream.Null);
        using ILoggerFactory loggers = WorkerApplication.Loggers(StartLine.Read(new MemoryStream(PipeJson.Write(startup))), output);
        loggers.CreateLogger(nameof(Rehearsal));
        output.Write(new WorkerLine());
        SamplingRehearsal.Run();
    }
}
