using System.Diagnostics;
using System.Net.Sockets;
using Grpc.Net.Client;
using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Runtime.Workers;

/// <summary>One running worker: its process, its private directory and the way to talk to it. Disposing it ends all three.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private readonly WorkerDirectory _directory;
    private readonly Process _process;
    private readonly WorkerOutput _output;
    private readonly Task _reading;
    private readonly GrpcChannel _channel;

    private WorkerProcess(WaitingWorker waiting, WorkerOutput output)
    {
        _directory = waiting.Directory;
        _process = waiting.Process;
        _output = output;
        _reading = Task.WhenAll(output.ReadOutputAsync(_process.StandardOutput), output.ReadErrorsAsync(_process.StandardError));
        Exited = WaitForExitAsync(_process);
        _channel = Connect(_directory.SocketPath);
        Client = new ModelWorker.ModelWorkerClient(_channel);
    }

    /// <summary>The operating system's id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>The worker's service. It answers once <see cref="WaitUntilListeningAsync"/> has completed.</summary>
    public ModelWorker.ModelWorkerClient Client { get; }

    /// <summary>Completes with the exit code when the process has ended; 128 + n for a death by signal n.</summary>
    public Task<int> Exited { get; }

    /// <inheritdoc cref="WorkerOutput.LastWords"/>
    public string? LastWords => _output.LastWords;

    /// <summary>Tells a process what to do, and has it from then on.</summary>
    public static async Task<WorkerProcess> StartAsync(
        WaitingWorker waiting, string model, EngineSettings engine, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        try
        {
            var startup = new WorkerStartup
            {
                SocketPath = waiting.Directory.SocketPath,
                Engine = engine,
                LogLevel = WorkerOutput.LeastLevel(loggers).ToString(),
            };
            // Before anything else is made ready for it: it has a model to load meanwhile.
            await SendAsync(waiting.Process.StandardInput, startup, cancellationToken).ConfigureAwait(false);
            return new WorkerProcess(waiting, new WorkerOutput(model, loggers));
        }
        catch
        {
            waiting.Dispose();
            throw;
        }
    }

    /// <summary>Completes when the worker's socket accepts connections, or the process has ended.</summary>
    public Task WaitUntilListeningAsync(CancellationToken cancellationToken) => Task.WhenAny(_output.Listening, Exited).WaitAsync(cancellationToken);

    /// <summary>Ends the process at once, however it is, and removes its directory.</summary>
    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        if (!_process.HasExited)
            _process.Kill();
        await Exited.ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        _process.Dispose();
        _directory.Dispose();
    }

    private static async Task SendAsync(StreamWriter input, WorkerStartup startup, CancellationToken cancellationToken)
    {
        try
        {
            // The pipe stays open: its end would be the worker's end.
            await input.BaseStream.WriteAsync(PipeJson.Write(startup), cancellationToken).ConfigureAwait(false);
            await input.BaseStream.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has ended already; the exit code says more than the broken pipe.
        }
    }

    private static async Task<int> WaitForExitAsync(Process process)
    {
        await process.WaitForExitAsync().ConfigureAwait(false);
        return process.ExitCode;
    }

    private static GrpcChannel Connect(string socketPath)
    {
        var endPoint = new UnixDomainSocketEndPoint(socketPath);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        // The address is a form: the socket is the way. Prompts and steps are as large as they are.
        return GrpcChannel.ForAddress("http://worker", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
            ThrowOperationCanceledOnCancellation = true,
        });
    }
}
