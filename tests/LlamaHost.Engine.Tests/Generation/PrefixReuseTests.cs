using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Fakes;
using LlamaHost.Tests;

namespace LlamaHost.Engine.Tests.Generation;

/// <summary>Reusing what was computed before saves work and changes nothing.</summary>
public sealed class PrefixReuseTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tiny-llama")]
    [InlineData("tiny-llama-spm")]
    [InlineData("tiny-stablelm")]
    public async Task Reuse_from_the_cache_and_from_memory_never_changes_greedy_output(string model)
    {
        string path = RepositoryFiles.TinyModel(model);
        // Room for little more than one of the conversations: the others leave the cache and come back.
        await using var reusing = new EngineHarness(TinyModels.Load(path, kvCells: 256));
        var random = new Random(7);
        int[][] conversations = [.. Enumerable.Range(0, 4).Select(_ => Random(random, 100))];
        int cached = 0;
        for (int turn = 0; turn < 3; turn++)
        {
            for (int i = 0; i < conversations.Length; i++)
            {
                await using var fresh = new EngineHarness(TinyModels.Load(path, kvCells: 256));
                SequenceResult reused = await ContinueAsync(reusing, conversations[i]);
                SequenceResult alone = await ContinueAsync(fresh, conversations[i]);
                Assert.Equal(alone.Ids, reused.Ids);
                Assert.All(alone.Tokens.Zip(reused.Tokens), pair => Assert.Equal(pair.First.LogProb!.Value, pair.Second.LogProb!.Value, 1e-3));
                Assert.Equal(0, alone.Finish!.Usage.CachedTokens);
                cached += reused.Finish!.Usage.CachedTokens;
                conversations[i] = [.. conversations[i], .. reused.Ids, .. Random(random, 20)];
            }
        }
        // All but the first turn of each begins with what was computed; the last token of a turn never was.
        Assert.True(cached >= 4 * (100 + 120), $"{cached} tokens were reused.");
    }

    [Fact]
    public async Task What_had_to_leave_the_cache_is_copied_back_instead_of_computed_again()
    {
        var executor = new ScriptedExecutor(kvCells: 100, contextLength: 100) { SavableTokens = 1000 };
        await using var harness = new EngineHarness(executor);
        int[] first = [.. Enumerable.Range(0, 70).Select(i => 1 + (i % 50))];
        int[] second = [.. Enumerable.Range(0, 70).Select(i => 2 + (i * 7 % 49))];
        await ContinueAsync(harness, first, newTokens: 1);
        await ContinueAsync(harness, second, newTokens: 1);
        long computed = executor.ComputedTokens;
        Assert.Equal(140, computed);
        SequenceResult again = await ContinueAsync(harness, first, newTokens: 1);
        Assert.Equal(computed + 1, executor.ComputedTokens);
        Assert.Equal(69, again.Finish!.Usage.CachedTokens);
        Assert.Equal(69, executor.RestoredTokens);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(60, false)]
    public async Task What_is_kept_for_reuse_leaves_the_cache_to_others_if_it_can_be_saved_whole(int savableTokens, bool leaves)
    {
        var executor = new ScriptedExecutor(kvCells: 500, contextLength: 100) { SavableTokens = savableTokens, IdleCellsCost = true };
        await using var harness = new EngineHarness(executor);
        int[] first = [.. Enumerable.Range(0, 70).Select(i => 1 + (i % 50))];
        await ContinueAsync(harness, first, newTokens: 1);
        await ContinueAsync(harness, [.. first.Reverse()], newTokens: 1);
        long computed = executor.ComputedTokens;
        Assert.Equal(leaves ? 70 : 140, executor.UsedCells);
        SequenceResult again = await ContinueAsync(harness, first, newTokens: 1);
        Assert.Equal(computed + 1, executor.ComputedTokens);
        Assert.Equal(69, again.Finish!.Usage.CachedTokens);
        Assert.Equal(leaves ? 69 : 0, executor.RestoredTokens);
    }

    [Fact]
    public async Task A_preempted_sequence_is_copied_back_instead_of_computed_again()
    {
        int[] Prompt(int which) => [.. Enumerable.Range(0, 20).Select(i => 1 + which + (i * (which + 3) % 46))];
        int[][] prompts = [.. Enumerable.Range(0, 4).Select(Prompt)];
        async Task<ScriptedExecutor> RunAsync(int savableTokens)
        {
            var executor = new ScriptedExecutor(kvCells: 100, contextLength: 64) { SavableTokens = savableTokens };
            await using var harness = new EngineHarness(executor);
            await Task.WhenAll(prompts.Select(prompt => ContinueAsync(harness, prompt, newTokens: 40)));
            return executor;
        }
        ScriptedExecutor without = await RunAsync(0);
        ScriptedExecutor with = await RunAsync(1000);
        // Alone each would compute its tokens once, but for the last.
        int least = prompts.Length * (20 + 40 - 1);
        Assert.True(without.ComputedTokens > least + 20, "Nothing had to be computed again: the test shows nothing.");
        Assert.True(
            with.ComputedTokens - least <= (without.ComputedTokens - least) / 2,
            $"{without.ComputedTokens} tokens were computed without memory, {with.ComputedTokens} with; {least} is the least.");
        Assert.Equal(0, without.RestoredTokens);
    }

    [Fact]
    public async Task Two_requests_with_one_new_beginning_compute_it_once()
    {
        var executor = new ScriptedExecutor(kvCells: 512, batchTokens: 32, contextLength: 512);
        await using var harness = new EngineHarness(executor);
        int[] beginning = [.. Enumerable.Range(0, 200).Select(i => 1 + (i % 50))];
        IEnumerable<int[]> prompts = Enumerable.Range(0, 6).Select(own => (int[])[.. beginning, 51 + own]);
        await Task.WhenAll(prompts.Select(prompt => ContinueAsync(harness, prompt, newTokens: 1)));
        Assert.Equal(200 + 6, executor.ComputedTokens);
    }

    [Fact]
    public async Task Nothing_is_reused_between_different_salts()
    {
        var executor = new ScriptedExecutor();
        await using var harness = new EngineHarness(executor);
        int[] prompt = [.. Enumerable.Range(1, 40)];
        foreach (string salt in new[] { "", "a", "b" })
            Assert.Equal(0, (await ContinueAsync(harness, prompt, newTokens: 1, salt)).Finish!.Usage.CachedTokens);
        Assert.Equal(39, (await ContinueAsync(harness, prompt, newTokens: 1, "a")).Finish!.Usage.CachedTokens);
    }

    private static int[] Random(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(260, 700))];

    private static async Task<SequenceResult> ContinueAsync(EngineHarness harness, int[] prompt, int newTokens = 20, string salt = "") =>
        (await harness.GenerateAsync(
            new GenerationRequest
            {
                Id = Guid.NewGuid().ToString(),
                PromptTokens = prompt,
                CacheSalt = salt,
                LogProbs = 0,
                Stop = new StopSettings { MaxNewTokens = newTokens, EosTokenIds = [] },
            },
            Cancellation))[0];
}
