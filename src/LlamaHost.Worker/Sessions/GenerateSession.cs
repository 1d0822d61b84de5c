using Grpc.Core;
using LlamaHost.Engine;
using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;
using LlamaHost.Protocol.Sessions;

namespace LlamaHost.Worker.Sessions;

/// <summary>
/// One host's session: its commands go to the engine, the engine's steps go to it. When it ends, by either side's will or a lost connection,
/// what it left open is cancelled and the last events are awaited, so that none of them reaches the next session.
/// </summary>
internal sealed partial class GenerateSession(
    InferenceEngine engine, IServerStreamWriter<SessionStep> output, ILogger<GenerateSession> logger) : IDisposable
{
    private readonly OpenRequests _open = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private volatile bool _isClientGone;

    /// <summary>Completes when the host has ended the session and nothing of it is left in the engine.</summary>
    /// <param name="commands">The host's commands.</param>
    /// <param name="ending">Called once, when there will be no further command.</param>
    public async Task RunAsync(IAsyncStreamReader<GenerateCommand> commands, Action ending)
    {
        Task forwarding = ForwardStepsAsync();
        try
        {
            await foreach (GenerateCommand command in ReadAsync(commands).ConfigureAwait(false))
                await ExecuteAsync(command).ConfigureAwait(false);
        }
        finally
        {
            ending();
            IReadOnlyList<string> left = _open.Close();
            foreach (string id in left)
                engine.Cancel(id);
            LogEnding(left.Count);
            await forwarding.ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _writing.Dispose();
        _open.Dispose();
    }

    private async IAsyncEnumerable<GenerateCommand> ReadAsync(IAsyncStreamReader<GenerateCommand> commands)
    {
        while (await MoveNextAsync(commands).ConfigureAwait(false))
            yield return commands.Current;
    }

    private async Task<bool> MoveNextAsync(IAsyncStreamReader<GenerateCommand> commands)
    {
        try
        {
            return await commands.MoveNext(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsLostConnection(exception))
        {
            _isClientGone = true;
            return false;
        }
    }

    private async Task ExecuteAsync(GenerateCommand command)
    {
        switch (command.CommandCase)
        {
            case GenerateCommand.CommandOneofCase.Submit:
                await SubmitAsync(command.Submit.ToRequest()).ConfigureAwait(false);
                break;
            case GenerateCommand.CommandOneofCase.Cancel:
                engine.Cancel(command.Cancel.Id);
                break;
            case GenerateCommand.CommandOneofCase.None:
            default:
                throw new RpcException(
                    new Status(StatusCode.Unimplemented, "This worker does not know the command; host and worker are of different versions."));
        }
    }

    private async Task SubmitAsync(GenerationRequest request)
    {
        // Noted first: its events may come before Submit returns.
        if (!_open.TryAdd(request))
            throw new RpcException(new Status(StatusCode.AlreadyExists, $"A request with the id {request.Id} is open."));
        try
        {
            engine.Submit(request);
        }
        catch (InvalidRequestException refusal)
        {
            _open.Remove(request.Id);
            await WriteAsync(new SessionStep([]) { Refusals = [refusal.ToRefusal(request.Id)] }).ConfigureAwait(false);
        }
    }

    private async Task ForwardStepsAsync()
    {
        try
        {
            await foreach (StepEvents step in engine.Events.ReadAllAsync(_open.Drained).ConfigureAwait(false))
            {
                await WriteAsync(new SessionStep(step.Sequences) { Load = step.Load }).ConfigureAwait(false);
                _open.Observe(step);
            }
        }
        catch (OperationCanceledException) when (_open.Drained.IsCancellationRequested)
        {
            // The last event has been seen.
        }
    }

    private async Task WriteAsync(SessionStep step)
    {
        await _writing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (!_isClientGone)
                await output.WriteAsync(step).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsLostConnection(exception))
        {
            _isClientGone = true;
        }
        finally
        {
            _writing.Release();
        }
    }

    // What gRPC's reader and writer throw when the client has reset or dropped the call; the writer calls it an invalid operation.
    private static bool IsLostConnection(Exception exception) =>
        exception is OperationCanceledException or IOException or InvalidOperationException;

    [LoggerMessage(Level = LogLevel.Debug, Message = "The session ends; {Count} open requests are cancelled.")]
    private partial void LogEnding(int count);
}
