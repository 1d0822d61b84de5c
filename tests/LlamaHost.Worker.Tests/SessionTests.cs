using Grpc.Core;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Fakes;
using LlamaHost.Protocol;
using LlamaHost.Worker.Tests.Harness;

namespace LlamaHost.Worker.Tests;

public sealed class SessionTests
{
    private readonly CancellationToken _patience = Patience.Token;

    [Fact]
    public async Task Requests_of_one_session_run_at_the_same_time_and_each_gets_its_own_continuation()
    {
        await using ScriptedWorker worker = await ScriptedWorker.StartAsync(new ScriptedExecutor(), _patience);
        using SessionClient session = worker.Client.OpenSession(_patience);
        GenerationRequest[] requests = [Request("a", 5), Request("b", 7), Request("c", 11)];

        foreach (GenerationRequest request in requests)
            await session.SubmitAsync(request);
        var continuations = requests.ToDictionary(request => request.Id, _ => new Continuation());
        while (continuations.Values.Any(one => one.Finish is null))
        {
            foreach (SequenceStep moved in (await session.NextAsync(_patience)).Sequences)
                continuations[moved.RequestId].Add(moved.ToEvent());
        }

        foreach (GenerationRequest request in requests)
            Assert.Equal(ScriptedExecutor.Continue(request.PromptTokens, 10), continuations[request.Id].Tokens);
    }

    [Fact]
    public async Task A_second_session_is_refused_while_the_first_is_open()
    {
        await using ScriptedWorker worker = await ScriptedWorker.StartAsync(new ScriptedExecutor(), _patience);
        using SessionClient first = worker.Client.OpenSession(_patience);
        await first.SubmitAsync(Request("a", 5));
        await first.NextAsync(_patience);

        using SessionClient second = worker.Client.OpenSession(_patience);
        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => second.NextAsync(_patience));

        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
    }

    [Fact]
    public async Task A_session_waits_for_one_that_is_ending_and_sees_no_event_of_it()
    {
        using var decoding = new SemaphoreSlim(0);
        using var letGo = new ManualResetEventSlim();
        var executor = new ScriptedExecutor
        {
            Inject = _ =>
            {
                decoding.Release();
                letGo.Wait(_patience);
                return null;
            },
        };
        await using ScriptedWorker worker = await ScriptedWorker.StartAsync(executor, _patience);
        SessionClient first = worker.Client.OpenSession(_patience);
        await first.SubmitAsync(Request("same id", 5));
        await decoding.WaitAsync(_patience);

        first.Dispose();
        using SessionClient second = worker.Client.OpenSession(_patience);
        GenerationRequest request = Request("same id", 9);
        Task submitted = second.SubmitAsync(request);
        letGo.Set();
        await submitted;
        Continuation continuation = (await second.CollectAsync(request, _patience))[0];

        Assert.Equal(ScriptedExecutor.Continue(request.PromptTokens, 10), continuation.Tokens);
    }

    [Fact]
    public async Task A_session_that_the_host_completes_brings_the_cancellations_and_ends()
    {
        await using ScriptedWorker worker = await ScriptedWorker.StartAsync(
            new ScriptedExecutor(contextLength: 100_000, kvCells: 100_000), _patience);
        using SessionClient session = worker.Client.OpenSession(_patience);
        GenerationRequest endless = Endless("endless");
        await session.SubmitAsync(endless);
        await session.NextAsync(_patience);

        await session.CompleteAsync();
        IReadOnlyList<Continuation> continuations = await session.CollectAsync(endless, _patience);

        Assert.Equal(FinishReason.Cancelled, continuations[0].Finish!.Reason);
        Assert.False(await session.Steps.MoveNext(_patience));
    }

    [Fact]
    public async Task A_cancelled_request_ends_and_the_others_go_on()
    {
        await using ScriptedWorker worker = await ScriptedWorker.StartAsync(
            new ScriptedExecutor(contextLength: 100_000, kvCells: 100_000), _patience);
        using SessionClient session = worker.Client.OpenSession(_patience);
        GenerationRequest endless = Endless("endless");
        await session.SubmitAsync(endless);
        await session.NextAsync(_patience);

        await session.CancelAsync("endless");
        Continuation cancelled = (await session.CollectAsync(endless, _patience))[0];
        GenerationRequest next = Request("next", 5);
        await session.SubmitAsync(next);
        Continuation continuation = (await session.CollectAsync(next, _patience))[0];

        Assert.Equal(FinishReason.Cancelled, cancelled.Finish!.Reason);
        Assert.Equal(ScriptedExecutor.Continue(next.PromptTokens, 10), continuation.Tokens);
    }

    [Fact]
    public async Task What_the_engine_refuses_comes_back_as_a_refusal_and_the_session_goes_on()
    {
        await using ScriptedWorker worker = await ScriptedWorker.StartAsync(new ScriptedExecutor(contextLength: 64), _patience);
        using SessionClient session = worker.Client.OpenSession(_patience);

        await session.SubmitAsync(Request("too long", 5) with { PromptTokens = [.. Enumerable.Repeat(1, 65)] });
        StepMessage answer = await session.NextAsync(_patience);
        GenerationRequest sound = Request("too long", 5);
        await session.SubmitAsync(sound);
        Continuation continuation = (await session.CollectAsync(sound, _patience))[0];

        Refusal refusal = Assert.Single(answer.Refusals);
        Assert.Equal("too long", refusal.RequestId);
        Assert.NotEmpty(refusal.Code);
        Assert.Contains("65", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(answer.Sequences);
        Assert.Equal(FinishReason.Length, continuation.Finish!.Reason);
    }

    [Fact]
    public async Task An_id_that_is_open_cannot_be_used_again()
    {
        await using ScriptedWorker worker = await ScriptedWorker.StartAsync(
            new ScriptedExecutor(contextLength: 100_000, kvCells: 100_000), _patience);
        using SessionClient session = worker.Client.OpenSession(_patience);
        await session.SubmitAsync(Endless("one"));
        await session.NextAsync(_patience);

        await session.SubmitAsync(Endless("one"));
        RpcException failed = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
                await session.NextAsync(_patience);
        });

        Assert.Equal(StatusCode.AlreadyExists, failed.StatusCode);
    }

    [Fact]
    public async Task A_failed_engine_ends_the_process_with_its_own_exit_code()
    {
        var executor = new ScriptedExecutor { Inject = _ => throw new FatalDecodeException("The device is gone.") };
        await using ScriptedWorker worker = await ScriptedWorker.StartAsync(executor, _patience);
        using SessionClient session = worker.Client.OpenSession(_patience);

        await session.SubmitAsync(Request("a", 5));

        Assert.Equal(WorkerExitCode.FatalEngine, await worker.Exit.WaitAsync(_patience));
    }

    private static GenerationRequest Request(string id, int firstToken) => new()
    {
        Id = id,
        PromptTokens = [firstToken, 3, 4],
        Stop = new StopSettings { MaxNewTokens = 10 },
    };

    private static GenerationRequest Endless(string id) => new()
    {
        Id = id,
        PromptTokens = [1, 2, 3],
        Stop = new StopSettings { MaxNewTokens = 90_000, EosTokenIds = [] },
    };
}
