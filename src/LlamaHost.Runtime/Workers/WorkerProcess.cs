using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
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

    private WorkerProcess(WorkerDirectory directory, Process process, WorkerOutput output)
    {
        _directory = directory;
        _process = process;
        _output = output;
        _reading = Task.WhenAll(output.ReadOutputAsync(process.StandardOutput), output.ReadErrorsAsync(process.StandardError));
        Exited = WaitForExitAsync(process);
        _channel = Connect(directory.SocketPath);
        Client = new ModelWorker.ModelWorkerClient(_channel);
    }

    /// <summary>The operating system's id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>The worker's service. It answers once <see cref="WaitUntilListeningAsync"/> has completed.</summary>
    public ModelWorker.ModelWorkerClient Client { get; }

    /// <summary>Completes with the exit code when the process has ended; 128 + n for a death by signal n.</summary>
    public Task<int> Exited { get; }

    /// <summary>Starts the process and tells it what to do.</summary>
    /// <exception cref="WorkerFailedException">It can't be started.</exception>
    public static async Task<WorkerProcess> StartAsync(
        WorkerProgram program, string model, EngineSettings engine, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        WorkerDirectory? directory = null;
        try
        {
            directory = new WorkerDirectory();
            Process process = Process.Start(program.StartInfo(directory.Path))!;
            var worker = new WorkerProcess(directory, process, new WorkerOutput(model, loggers));
            directory = null;
            var startup = new WorkerStartup
            {
                SocketPath = worker._directory.SocketPath,
                Engine = engine,
                LogLevel = WorkerOutput.LeastLevel(loggers).ToString(),
            };
            await worker.SendAsync(startup, cancellationToken).ConfigureAwait(false);
            return worker;
        }
        catch (Exception failure) when (failure is IOException or Win32Exception or UnauthorizedAccessException)
        {
            throw WorkerFailedException.Unstartable($"The worker can't be started: {failure.Message}");
        }
        finally
        {
            directory?.Dispose();
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

    private async Task SendAsync(WorkerStartup startup, CancellationToken cancellationToken)
    {
        try
        {
            // The pipe stays open: its end would be the worker's end.
            string line = JsonSerializer.Serialize(startup, PipeJson.Default.WorkerStartup);
            await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken).ConfigureAwait(false);
            await _process.StandardInput.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has ended already; the exit code says more than the broken pipe.
        }
        catch (OperationCanceledException)
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
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
