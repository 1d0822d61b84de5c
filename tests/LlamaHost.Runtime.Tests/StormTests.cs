using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Generations;
using LlamaHost.Runtime.Tests.Harness;

namespace LlamaHost.Runtime.Tests;

/// <summary>Everything at once: many clients, some that leave, a cache too small for all, and workers that die.</summary>
public sealed class StormTests
{
    private const int Clients = 40;
    private const int MostTokens = 100;

    private static readonly int[][] Prompts = [[63, 94, 319, 614, 258, 253, 655], [56, 478, 95, 28, 905, 17], [63, 94, 319]];

    [Fact]
    public async Task Every_client_gets_what_it_would_have_got_alone_and_nothing_is_left_open()
    {
        await using var harness = new RuntimeHarness(options => (options.MaxSequences, options.MaxWorkerLosses) = (8, 10));
        IReadOnlyList<int>[] alone = new IReadOnlyList<int>[Prompts.Length];
        for (int i = 0; i < Prompts.Length; i++)
            alone[i] = (await ReadSequences.ReadAsync(await harness.StartAsync(Request(i, MostTokens)), harness.Patience)).Tokens[0];

        var random = new Random(4711);
        int tokens = 0, kills = 0;
        Lock counting = new();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(
            _ => ClientAsync(random.Next(Prompts.Length), random.Next(10, MostTokens), leaves: random.Next(3) == 0)));

        Assert.Equal(3, harness.Status.Restarts);
        await harness.Runtime.DrainAsync(harness.Patience);
        Assert.False(harness.Patience.IsCancellationRequested);

        GenerationRequest Request(int prompt, int length) => harness.Request(length) with { PromptTokens = Prompts[prompt] };

        async Task ClientAsync(int prompt, int length, bool leaves)
        {
            Generation generation = await harness.StartAsync(Request(prompt, length));
            ReadSequences read = await ReadSequences.ReadAsync(generation, harness.Patience, soFar =>
            {
                lock (counting)
                {
                    tokens++;
                    if (kills < 3 && tokens > (kills + 1) * 400 && harness.TryKillWorker())
                        kills++;
                }
                if (leaves && soFar.TokenCount > length / 2)
                    Assert.True(generation.DisposeAsync().AsTask().IsCompletedSuccessfully);
            });
            Assert.Equal(alone[prompt].Take(read.TokenCount), read.Tokens[0]);
            if (leaves && read.Finishes[0]!.Reason == FinishReason.Cancelled)
                return;
            // Who leaves may be faster than the news of it.
            Assert.Equal((FinishReason.Length, length), (read.Finishes[0]!.Reason, read.TokenCount));
        }
    }
}
