using Grpc.Core;
using LlamaHost.Engine;
using LlamaHost.Protocol;
using LlamaHost.Protocol.Sessions;
using LlamaHost.Worker.Models;
using LlamaHost.Worker.Sessions;

namespace LlamaHost.Worker;

/// <summary>Generations: one host's session at a time.</summary>
internal sealed class SessionService(ModelHost model, SessionGate gate, ILogger<GenerateSession> logger) : SessionServiceBase
{
    public override async Task Open(
        IAsyncStreamReader<GenerateCommand> requestStream, IServerStreamWriter<SessionStep> responseStream, ServerCallContext context)
    {
        InferenceEngine engine = model.Engine;
        using SessionGate.Turn turn = await gate.EnterAsync(context.CancellationToken).ConfigureAwait(false);
        using var session = new GenerateSession(engine, responseStream, logger);
        await session.RunAsync(requestStream, turn.MarkEnding).ConfigureAwait(false);
    }
}
