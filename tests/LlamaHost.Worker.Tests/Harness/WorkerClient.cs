using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using LlamaHost.Protocol;

namespace LlamaHost.Worker.Tests.Harness;

/// <summary>A host's view of a worker: gRPC over its socket.</summary>
internal sealed class WorkerClient : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly GenerationSession.GenerationSessionClient _sessions;

    public WorkerClient(string socketPath)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        _channel = GrpcChannel.ForAddress("http://worker", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
        Calls = new ModelWorker.ModelWorkerClient(_channel);
        _sessions = new GenerationSession.GenerationSessionClient(_channel);
    }

    public ModelWorker.ModelWorkerClient Calls { get; }

    /// <summary>All states up to ready or failed.</summary>
    public async Task<IReadOnlyList<WorkerStatus>> LoadAsync(CancellationToken cancellationToken)
    {
        List<WorkerStatus> states = [];
        using AsyncServerStreamingCall<WorkerStatus> watch = Calls.Watch(new WatchRequest(), cancellationToken: cancellationToken);
        await foreach (WorkerStatus state in watch.ResponseStream.ReadAllAsync(cancellationToken))
        {
            states.Add(state);
            if (state.StateCase != WorkerStatus.StateOneofCase.Loading)
                break;
        }
        return states;
    }

    public async Task<ModelInfo> ReadyAsync(CancellationToken cancellationToken)
    {
        WorkerStatus last = (await LoadAsync(cancellationToken))[^1];
        Assert.True(last.StateCase == WorkerStatus.StateOneofCase.Ready, last.ToString());
        return last.Ready;
    }

    /// <summary>Opens a session through the generated classes, so that the worker's own writer is held to the contract.</summary>
    public SessionClient OpenSession(CancellationToken cancellationToken) => new(_sessions.Open(cancellationToken: cancellationToken));

    public void Dispose() => _channel.Dispose();
}
