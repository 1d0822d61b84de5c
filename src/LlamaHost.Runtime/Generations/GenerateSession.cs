using System.Threading.Channels;
using Grpc.Core;
using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;
using LlamaHost.Protocol.Sessions;

namespace LlamaHost.Runtime.Generations;

/// <summary>The call through which one worker is given requests and sends back its steps. Commands can be given before it runs.</summary>
internal sealed class GenerateSession
{
    // What waits here is bounded by the requests that are open.
    private readonly Channel<GenerateCommand> _commands =
        Channel.CreateUnbounded<GenerateCommand>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Hands over a request.</summary>
    public void Submit(GenerationRequest request) => _commands.Writer.TryWrite(new GenerateCommand { Submit = request.ToMessage() });

    /// <summary>Asks for the end of a request.</summary>
    public void Cancel(string requestId) => _commands.Writer.TryWrite(new GenerateCommand { Cancel = new Cancel { Id = requestId } });

    /// <summary>Exchanges commands and steps until the worker or the token ends it.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="take">Gets each step, which is valid until it returns.</param>
    /// <param name="cancellationToken">Ends the session.</param>
    /// <exception cref="RpcException">The worker no longer answers.</exception>
    /// <exception cref="OperationCanceledException">So it was wished, or the connection broke.</exception>
    public async Task RunAsync(ModelWorker.ModelWorkerClient worker, Action<SessionStep> take, CancellationToken cancellationToken)
    {
        using AsyncDuplexStreamingCall<GenerateCommand, SessionStep> call = worker.OpenSession(cancellationToken);
        Task sending = SendAsync(call.RequestStream, cancellationToken);
        try
        {
            await foreach (SessionStep step in call.ResponseStream.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                take(step);
        }
        finally
        {
            _commands.Writer.Complete();
            // Lets a sender that waits for the worker go.
            call.Dispose();
            await sending.ConfigureAwait(false);
        }
    }

    private async Task SendAsync(IClientStreamWriter<GenerateCommand> stream, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (GenerateCommand command in _commands.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
                await stream.WriteAsync(command, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is RpcException or OperationCanceledException or InvalidOperationException or ObjectDisposedException)
        {
            // The call has ended; its reader says why.
        }
    }
}
