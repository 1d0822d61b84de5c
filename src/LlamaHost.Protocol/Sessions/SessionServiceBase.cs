using Grpc.Core;

namespace LlamaHost.Protocol.Sessions;

/// <summary>What serves <c>GenerationSession</c>; gRPC's server finds the method by its name.</summary>
[BindServiceMethod(typeof(SessionServiceBase), nameof(BindService))]
public abstract class SessionServiceBase
{
    /// <summary>One host's session: commands come in, one message per engine step goes out.</summary>
    public abstract Task Open(
        IAsyncStreamReader<GenerateCommand> requestStream, IServerStreamWriter<SessionStep> responseStream, ServerCallContext context);

    /// <summary>Tells gRPC's server the method.</summary>
    /// <param name="binder">The server's.</param>
    /// <param name="service">Serves every call; <see langword="null"/>: the server makes one for each.</param>
    public static void BindService(ServiceBinderBase binder, SessionServiceBase? service)
    {
        ArgumentNullException.ThrowIfNull(binder);
        binder.AddMethod(SessionCall.CreateMethod(), service is null ? null! : service.Open);
    }
}
