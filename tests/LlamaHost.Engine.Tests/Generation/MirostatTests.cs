using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Fakes;

namespace LlamaHost.Engine.Tests.Generation;

public sealed class MirostatTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tokens_are_drawn_as_the_published_algorithm_draws_them()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        int[] prompt = [4, 8];
        SequenceResult result = (await harness.GenerateAsync(Request("one", prompt, 40), Cancellation))[0];
        double bound = 2 * 3.0;
        List<int> tokens = [.. prompt];
        var logits = new float[61];
        foreach (int token in result.Ids)
        {
            ScriptedExecutor.Fill(logits, tokens);
            double sum = logits.Sum(one => Math.Exp(one));
            double[] information = [.. logits.Select(one => -Math.Log2(Math.Exp(one) / sum))];
            int[] left = [.. Enumerable.Range(0, 61).Where(id => information[id] <= bound + 1e-4)];
            Assert.Contains(token, left);
            bound -= 0.1 * (-Math.Log2(Math.Exp(logits[token]) / left.Sum(id => Math.Exp(logits[id]))) - 3.0);
            tokens.Add(token);
        }
    }

    [Fact]
    public async Task A_small_target_narrows_the_choice()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        async Task<double> Surprise(float tau) => -(await harness.GenerateAsync(
            Request($"{tau}", [4, 8], 100) with { LogProbs = 0, Sampling = new() { DoSample = true, Mirostat = new(tau, 0.3f) } },
            Cancellation))[0].Tokens.Average(one => one.LogProb!.Value);
        Assert.True(await Surprise(1) + 0.5 < await Surprise(5));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(39)]
    public async Task A_resumed_sequence_goes_on_as_if_it_had_never_stopped_with_any_room(int cut)
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        await using var crowded = new EngineHarness(new ScriptedExecutor(kvCells: 64, maxSequences: 2, batchTokens: 7, contextLength: 60));
        GenerationRequest request = Request("whole", [4, 8, 9], 40);
        SequenceResult whole = (await harness.GenerateAsync(request, Cancellation))[0];
        GenerationRequest resumed = request with { Resume = [whole.Ids[..cut]] };
        IReadOnlyList<SequenceResult>[] rest = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(i => crowded.GenerateAsync(resumed with { Id = $"{i}" }, Cancellation)));
        Assert.All(rest, one => Assert.Equal(whole.Ids[cut..], one[0].Ids));
    }

    private static GenerationRequest Request(string id, int[] prompt, int newTokens) => new()
    {
        Id = id,
        PromptTokens = prompt,
        Seed = 3,
        Sampling = new() { DoSample = true, Mirostat = new(3, 0.1f) },
        Stop = new() { MaxNewTokens = newTokens, EosTokenIds = [] },
    };
}
