using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Scoring;
using LlamaHost.Runtime.Tests.Harness;

namespace LlamaHost.Runtime.Tests;

/// <summary>Scoring through real workers.</summary>
public sealed class ScoringTests
{
    private static readonly ScoringRequest Choice = new() { PromptTokens = [63, 94, 319], Continuations = [[614, 258, 253], [614, 12], [655]],
        TopLogProbs = 2 };

    [Fact]
    public async Task Each_continuation_comes_with_its_log_probability()
    {
        await using var harness = new RuntimeHarness();
        ScoringRequest[] requests = [Choice, Choice with { Continuations = [[655]] }];
        IReadOnlyList<IReadOnlyList<ScoredContinuation>> scored = await harness.Runtime.ScoreAsync(harness.Model, requests, harness.Patience);

        Assert.Equal([[614, 258, 253], [614, 12], [655]], scored[0].Select(one => one.Tokens.Select(token => token.Id)));
        Assert.All(scored[0], one => Assert.Equal(one.Tokens.Sum(token => token.LogProb!.Value), one.LogProb, 1e-4));
        Assert.All(scored[0], one => Assert.Equal(2, one.Next.Count));
        Assert.Equal(scored[0][0].Tokens[0].LogProb, scored[0][1].Tokens[0].LogProb);
        Assert.Equal(scored[0][2].LogProb, scored[1][0].LogProb, 1e-4);
        Assert.Equal((3, 3), (scored[0][0].Usage.PromptTokens, scored[0][0].Usage.GeneratedTokens));
    }

    [Fact]
    public async Task A_killed_worker_changes_no_score()
    {
        await using var harness = new RuntimeHarness();
        ScoringRequest[] requests = [.. Enumerable.Range(0, 20).Select(i => Long(200 + i))];
        IReadOnlyList<IReadOnlyList<ScoredContinuation>> undisturbed = await harness.Runtime.ScoreAsync(harness.Model, requests, harness.Patience);
        Task<IReadOnlyList<IReadOnlyList<ScoredContinuation>>> disturbed = harness.Runtime.ScoreAsync(harness.Model, requests, harness.Patience);
        harness.KillWorker();

        foreach ((IReadOnlyList<ScoredContinuation> expected, IReadOnlyList<ScoredContinuation> actual) in undisturbed.Zip(await disturbed))
        {
            Assert.Equal(expected[0].Tokens.Select(token => token.Id), actual[0].Tokens.Select(token => token.Id));
            Assert.All(expected[0].Tokens.Zip(actual[0].Tokens), one => Assert.Equal(one.First.LogProb!.Value, one.Second.LogProb!.Value, 1e-3f));
        }
        await harness.UntilAsync(() => harness.Status.Restarts == 1);
    }

    [Fact]
    public async Task Cancelling_frees_the_places()
    {
        await using var harness = new RuntimeHarness(options => options.MaxOpenSequences = 20);
        await harness.Runtime.EnsureReadyAsync(harness.Model, harness.Patience);
        using var cancellation = new CancellationTokenSource();
        ScoringRequest[] requests = [.. Enumerable.Range(0, 20).Select(_ => Long(500))];
        Task<IReadOnlyList<IReadOnlyList<ScoredContinuation>>> cancelled = harness.Runtime.ScoreAsync(harness.Model, requests, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await harness.UntilAsync(async () =>
        {
            try
            {
                await harness.Runtime.ScoreAsync(
                    harness.Model, [.. Enumerable.Range(0, 20).Select(_ => Choice with { Continuations = [[655]] })], harness.Patience);
                return true;
            }
            catch (ModelUnavailableException full) when (full.IsOverload)
            {
                return false;
            }
        });
    }

    [Fact]
    public async Task What_the_engine_refuses_is_thrown()
    {
        await using var harness = new RuntimeHarness();
        ScoringRequest wrong = Choice with { Continuations = [[5000]] };
        InvalidRequestException refusal = await Assert.ThrowsAsync<InvalidRequestException>(
            () => harness.Runtime.ScoreAsync(harness.Model, [wrong], harness.Patience));
        Assert.Equal("invalid_token_id", refusal.Code);
    }

    private static ScoringRequest Long(int length) => new()
    {
        PromptTokens = [63], Continuations = [[.. Enumerable.Range(0, length).Select(i => 20 + ((i * 37) % 900))]],
    };
}
