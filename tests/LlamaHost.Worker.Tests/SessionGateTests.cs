using Grpc.Core;
using LlamaHost.Worker.Sessions;
using LlamaHost.Worker.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace LlamaHost.Worker.Tests;

public sealed class SessionGateTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly CancellationToken _patience = Patience.Token;

    [Fact]
    public async Task A_session_is_refused_only_after_it_has_waited_a_moment_for_the_first()
    {
        using var gate = new SessionGate(_time);
        using SessionGate.Turn first = await gate.EnterAsync(_patience);
        Task<SessionGate.Turn> second = gate.EnterAsync(_patience);

        Assert.False(second.IsCompleted);
        _time.Advance(Long);

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => second);
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
    }

    [Fact]
    public async Task A_session_enters_when_the_first_ends_within_that_moment()
    {
        using var gate = new SessionGate(_time);
        SessionGate.Turn first = await gate.EnterAsync(_patience);
        Task<SessionGate.Turn> second = gate.EnterAsync(_patience);

        first.Dispose();

        using SessionGate.Turn turn = await second.WaitAsync(_patience);
        Assert.False(turn.IsEnding);
    }

    [Fact]
    public async Task A_session_waits_for_one_that_is_ending_however_long_that_takes()
    {
        using var gate = new SessionGate(_time);
        SessionGate.Turn first = await gate.EnterAsync(_patience);
        first.MarkEnding();
        Task<SessionGate.Turn> second = gate.EnterAsync(_patience);

        _time.Advance(Long);
        await Task.Yield();
        _time.Advance(Long);
        Assert.False(second.IsCompleted);
        first.Dispose();

        using SessionGate.Turn turn = await second.WaitAsync(_patience);
    }

    [Fact]
    public async Task A_session_that_gives_up_waiting_leaves_the_gate_to_the_next()
    {
        using var gate = new SessionGate(_time);
        SessionGate.Turn first = await gate.EnterAsync(_patience);
        using var gone = new CancellationTokenSource();
        Task<SessionGate.Turn> second = gate.EnterAsync(gone.Token);

        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        first.Dispose();

        using SessionGate.Turn third = await gate.EnterAsync(_patience);
    }
}
