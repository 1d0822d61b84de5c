using Grpc.Core;
using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;

namespace LlamaHost.Worker.Tests.Harness;

/// <summary>One session, as a host holds it.</summary>
internal sealed class SessionClient(AsyncDuplexStreamingCall<GenerateCommand, StepMessage> call) : IDisposable
{
    public IAsyncStreamReader<StepMessage> Steps => call.ResponseStream;

    public Task SubmitAsync(GenerationRequest request) =>
        call.RequestStream.WriteAsync(new GenerateCommand { Submit = request.ToMessage() });

    public Task CancelAsync(string requestId) =>
        call.RequestStream.WriteAsync(new GenerateCommand { Cancel = new Cancel { Id = requestId } });

    public Task CompleteAsync() => call.RequestStream.CompleteAsync();

    /// <summary>The session's next message; fails if it has ended.</summary>
    public async Task<StepMessage> NextAsync(CancellationToken cancellationToken)
    {
        Assert.True(await Steps.MoveNext(cancellationToken), "The session ended.");
        return Steps.Current;
    }

    /// <summary>All events of the request until each of its sequences has ended.</summary>
    public async Task<IReadOnlyList<Continuation>> CollectAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        Continuation[] continuations = [.. Enumerable.Range(0, request.SequenceCount).Select(_ => new Continuation())];
        while (continuations.Any(one => one.Finish is null))
        {
            StepMessage step = await NextAsync(cancellationToken);
            Assert.Empty(step.Refusals);
            foreach (SequenceEvent moved in step.Sequences.Select(EventMapping.ToEvent).Where(moved => moved.RequestId == request.Id))
                continuations[moved.SequenceIndex].Add(moved);
        }
        return continuations;
    }

    public void Dispose() => call.Dispose();
}

/// <summary>What came of one sequence.</summary>
internal sealed class Continuation
{
    public List<int> Tokens { get; } = [];

    public string Text { get; private set; } = "";

    public SequenceFinish? Finish { get; private set; }

    public void Add(SequenceEvent moved)
    {
        Assert.Null(Finish);
        Tokens.AddRange(moved.Tokens.Select(token => token.Id));
        Text += string.Concat(moved.Tokens.Select(token => token.Text)) + moved.Finish?.Text;
        Finish = moved.Finish;
    }
}
