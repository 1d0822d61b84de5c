using Grpc.Core;
using LlamaHost.Protocol.Sessions;

namespace LlamaHost.Protocol;

/// <summary>The service that a worker is to its host.</summary>
public static partial class ModelWorker
{
    /// <summary>A worker as its host sees it.</summary>
    public partial class ModelWorkerClient
    {
        /// <summary>Opens a session. Each step that is read is valid until the next one is.</summary>
        public AsyncDuplexStreamingCall<GenerateCommand, SessionStep> OpenSession(CancellationToken cancellationToken) =>
            CallInvoker.AsyncDuplexStreamingCall(SessionCall.CreateMethod(), null, new CallOptions(cancellationToken: cancellationToken));
    }
}
