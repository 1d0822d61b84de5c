using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;

namespace LlamaHost.Worker.Tests.Harness;

/// <summary>A real worker in a process of its own, with the test as its host.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly PrivateFolder _folder = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly List<WorkerLine> _before = [];
    private readonly Process _process;

    private WorkerProcess(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, received) =>
        {
            if (received.Data is { } line)
                _lines.Writer.TryWrite(line);
            else
                _lines.Writer.Complete();
        };
        _process.Start();
        _process.BeginOutputReadLine();
    }

    /// <summary>The worker's program.</summary>
    public static string ProgramPath { get; } = Path.Combine(AppContext.BaseDirectory, "worker", "LlamaHost.Worker");

    public string SocketPath => _folder.SocketPath;

    public int ExitCode => _process.ExitCode;

    public int Id => _process.Id;

    /// <summary>A process description with the runtime that runs the tests, wherever that is installed.</summary>
    public static ProcessStartInfo Describe(string program)
    {
        string root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_ROOT"] = root },
        };
    }

    /// <summary>Starts one and gives it the line.</summary>
    public static WorkerProcess Start(Func<string, string> startLine)
    {
        var worker = new WorkerProcess(new Process { StartInfo = Describe(ProgramPath) });
        worker._process.StandardInput.WriteLine(startLine(worker.SocketPath));
        worker._process.StandardInput.Flush();
        return worker;
    }

    /// <summary>Starts one for the model and waits until it listens.</summary>
    public static async Task<WorkerProcess> StartAsync(EngineSettings engine, CancellationToken cancellationToken)
    {
        WorkerProcess worker = Start(socket => LineFor(socket, engine));
        await worker.UntilListeningAsync(cancellationToken);
        return worker;
    }

    /// <summary>Waits until it listens.</summary>
    public async Task UntilListeningAsync(CancellationToken cancellationToken)
    {
        for (WorkerLine line = await NextLineAsync(cancellationToken); !line.Listening; line = await NextLineAsync(cancellationToken))
            _before.Add(line);
    }

    public static string LineFor(string socketPath, EngineSettings engine) => LineFor(new WorkerStartup { SocketPath = socketPath, Engine = engine });

    /// <summary>The start line without its line feed.</summary>
    public static string LineFor(WorkerStartup startup) => Encoding.UTF8.GetString(PipeJson.Write(startup)).TrimEnd();

    /// <summary>The next line of standard output, which must be a <see cref="WorkerLine"/>.</summary>
    public async Task<WorkerLine> NextLineAsync(CancellationToken cancellationToken)
    {
        string line = await _lines.Reader.ReadAsync(cancellationToken);
        return PipeJson.ReadLine(Encoding.UTF8.GetBytes(line));
    }

    /// <summary>All its lines but the one that it listens, until the process closes its output.</summary>
    public async Task<IReadOnlyList<WorkerLine>> RestAsync(CancellationToken cancellationToken)
    {
        List<WorkerLine> lines = [.. _before];
        await foreach (string line in _lines.Reader.ReadAllAsync(cancellationToken))
            lines.Add(PipeJson.ReadLine(Encoding.UTF8.GetBytes(line)));
        return lines;
    }

    public WorkerClient Connect() => new(SocketPath);

    public void CloseInput() => _process.StandardInput.Close();

    public Task WaitForExitAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}
