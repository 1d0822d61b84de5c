using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Fakes;

namespace LlamaHost.Engine.Tests.Generation;

public sealed class TimeLimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_ends_with_the_token_after_which_its_time_is_up()
    {
        var time = new ManualTime();
        await using var harness = new EngineHarness(Executor(time), time);

        SequenceResult result = (await harness.GenerateAsync(Request("a", seconds: 4.5), Cancellation))[0];

        Assert.Equal((5, FinishReason.Length), (result.Tokens.Count, result.Finish!.Reason));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(2, 2)]
    public async Task Nothing_is_computed_for_a_request_whose_time_is_up_before_its_turn(int sequences, int beams)
    {
        var time = new ManualTime();
        ScriptedExecutor executor = Executor(time);
        Func<Batch, DecodeStatus?> step = executor.Inject;
        using var bothAreThere = new ManualResetEventSlim();
        executor.Inject = batch =>
        {
            bothAreThere.Wait(Cancellation);
            return step(batch);
        };
        await using var harness = new EngineHarness(executor, time);
        Task<IReadOnlyList<SequenceResult>> running = harness.GenerateAsync(Request("a", seconds: null), Cancellation);
        Task<IReadOnlyList<SequenceResult>> waiting = harness.GenerateAsync(
            Request("b", seconds: 3) with
            {
                // Beside the first request there is no room for it.
                PromptTokens = [.. Enumerable.Range(1, 39)],
                SequenceCount = sequences,
                Beams = beams > 1 ? new() { Count = beams } : null,
            },
            Cancellation);
        bothAreThere.Set();

        IReadOnlyList<SequenceResult> results = await waiting;
        await running;

        Assert.All(results, result => Assert.Equal((0, FinishReason.Length), (result.Tokens.Count, result.Finish!.Reason)));
        Assert.Equal(sequences, results.Count);
        // The first request's prompt and all of its tokens but the last.
        Assert.Equal(2 + 29, executor.ComputedTokens);
    }

    // A step takes a second.
    private static ScriptedExecutor Executor(ManualTime time) => new(kvCells: 40)
    {
        Inject = _ =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return null;
        },
    };

    private static GenerationRequest Request(string id, double? seconds) => new()
    {
        Id = id,
        PromptTokens = [7, 8],
        Stop = new() { MaxNewTokens = 30, EosTokenIds = [], MaxTime = seconds is { } most ? TimeSpan.FromSeconds(most) : null },
    };
}
