using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Generations;
using LlamaHost.Runtime.Tests.Harness;

namespace LlamaHost.Runtime.Tests;

/// <summary>Workers are killed; clients must not notice.</summary>
public sealed class ReplayTests
{
    [Fact]
    public async Task A_killed_worker_is_replaced_and_the_next_request_works()
    {
        await using var harness = new RuntimeHarness();
        await harness.Runtime.EnsureReadyAsync(harness.Model, harness.Patience);
        int? killed = harness.Status.WorkerProcessId;
        harness.KillWorker();
        await harness.UntilAsync(() => harness.Status.WorkerProcessId != killed);
        await harness.UntilAsync(() => harness.Status.State == ModelState.Ready);
        Assert.Equal(1, harness.Status.Restarts);
        Assert.Equal(20, (await ReadSequences.ReadAsync(await harness.StartAsync(harness.Request()), harness.Patience)).TokenCount);
        Assert.Contains(harness.Loggers.Entries, entry => entry.Message.Contains("was killed (signal 9", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Generations_whose_worker_is_killed_go_on_as_if_nothing_had_been(int kills)
    {
        await using var harness = new RuntimeHarness(options => options.MaxWorkerLosses = kills + 1);
        // At a kill some sequences have ended, by the end token or a stop text, and some have begun.
        GenerationRequest[] requests =
        [
            harness.Request(300, 4),
            harness.Request(300, 4) with { PromptTokens = [56, 478, 95, 28, 905, 17] },
            harness.Request(300, 4) with { Stop = new StopSettings { MaxNewTokens = 300, EosTokenIds = [], StopTexts = ["e"] } },
            harness.Request(300, 4) with { Stop = new StopSettings { MaxNewTokens = 300 } },
        ];
        ReadSequences[] undisturbed = await ReadAllAsync(requests, _ => { });

        int done = 0;
        ReadSequences[] disturbed = await ReadAllAsync(requests, tokens =>
        {
            // Well before the end, and only once the new worker has gone on.
            if (done < kills && tokens > (done + 1) * 500 && harness.TryKillWorker())
                done++;
        });

        Assert.Equal(kills, harness.Status.Restarts);
        foreach ((ReadSequences expected, ReadSequences actual) in undisturbed.Zip(disturbed))
        {
            Assert.Equal(expected.Tokens, actual.Tokens);
            Assert.Equal(expected.Texts, actual.Texts);
            Assert.Equal(expected.Finishes.Select(Counted), actual.Finishes.Select(Counted));
        }
        Assert.All(disturbed[0].Finishes, finish => Assert.True(finish!.Usage.Prefill > TimeSpan.Zero && finish.Usage.Decode > TimeSpan.Zero));

        static (FinishReason, string?, int, int) Counted(SequenceFinish? finish) =>
            (finish!.Reason, finish.StopText, finish.Usage.PromptTokens, finish.Usage.GeneratedTokens);

        async Task<ReadSequences[]> ReadAllAsync(GenerationRequest[] requests, Action<int> progress)
        {
            Lock counting = new();
            int tokens = 0;
            IReadOnlyList<Generation> generations = await harness.Runtime.StartAsync(harness.Model, requests, harness.Patience);
            return await Task.WhenAll(generations.Select(generation => ReadSequences.ReadAsync(generation, harness.Patience, _ =>
            {
                lock (counting)
                    progress(++tokens);
            })));
        }
    }

    [Fact]
    public async Task Requests_that_come_while_the_worker_is_away_wait_for_the_next_one()
    {
        await using var harness = new RuntimeHarness();
        await harness.Runtime.EnsureReadyAsync(harness.Model, harness.Patience);
        harness.KillWorker();
        Generation[] generations = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => harness.StartAsync(harness.Request())));
        foreach (Generation one in generations)
            Assert.Equal(20, (await ReadSequences.ReadAsync(one, harness.Patience)).TokenCount);
        harness.KillWorker();
        Assert.NotEmpty(await harness.Runtime.TokenizeAsync(harness.Model, "Once upon a time", true, false, harness.Patience));
    }

    [Fact]
    public async Task A_generation_that_loses_too_many_workers_is_given_up()
    {
        await using var harness = new RuntimeHarness(options => options.MaxWorkerLosses = 1);
        Generation generation = await harness.StartAsync(harness.LongRequest());
        int read = 0;
        Task<ReadSequences> reading = ReadSequences.ReadAsync(generation, harness.Patience, soFar =>
        {
            if (read == 0)
                harness.KillWorker();
            read = soFar.TokenCount;
        });
        ModelUnavailableException lost = await Assert.ThrowsAsync<ModelUnavailableException>(() => reading);
        Assert.Equal(("worker_lost", false), (lost.Code, lost.IsOverload));
        Assert.InRange(read, 1, RuntimeHarness.LongTokens - 1);
        Assert.Equal(20, (await ReadSequences.ReadAsync(await harness.StartAsync(harness.Request()), harness.Patience)).TokenCount);
    }

    [Fact]
    public async Task A_generation_that_kills_every_worker_is_given_up_without_taking_the_others_along()
    {
        await using var harness = new RuntimeHarness();
        Generation[] innocent = [.. await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => harness.StartAsync(harness.Request(300))))];
        Generation cause = await harness.StartAsync(harness.Request(300));
        int killed = 0;
        Task<ReadSequences> given = ReadSequences.ReadAsync(cause, harness.Patience, _ =>
        {
            // No worker survives a token of it.
            if (harness.TryKillWorker())
                killed++;
        });
        ReadSequences[] read = await Task.WhenAll(innocent.Select(one => ReadSequences.ReadAsync(one, harness.Patience)));
        Assert.All(read, one => Assert.Equal(300, one.TokenCount));
        Assert.All(read, one => Assert.Equal(read[0].Tokens, one.Tokens));
        Assert.Equal("worker_lost", (await Assert.ThrowsAsync<ModelUnavailableException>(() => given)).Code);
        Assert.Equal(3, killed);
    }

    [Fact]
    public async Task A_generation_that_is_cancelled_while_no_worker_is_there_ends_at_once()
    {
        await using var harness = new RuntimeHarness();
        Generation generation = await harness.StartAsync(harness.LongRequest());
        await foreach (SequenceEvent _ in generation.ReadAsync(harness.Patience))
            break;
        harness.KillWorker();
        await generation.DisposeAsync();
        ReadSequences cut = await ReadSequences.ReadAsync(generation, harness.Patience);
        Assert.All(cut.Finishes, finish => Assert.Equal(FinishReason.Cancelled, finish!.Reason));
    }
}
