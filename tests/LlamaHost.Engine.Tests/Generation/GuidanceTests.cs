using System.Text.Json;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Fakes;
using LlamaHost.Tests;

namespace LlamaHost.Engine.Tests.Generation;

public sealed class GuidanceTests(TinyModels models)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Guided_tokens_equal_those_of_transformers()
    {
        using JsonDocument golden = RepositoryFiles.Golden("features");
        int[] prompt = GoldenRequest.Ints(golden.RootElement.GetProperty("prompt_ids"));
        int[] expected = GoldenRequest.Ints(golden.RootElement.GetProperty("features").GetProperty("guidance_scale=1.5")
            .GetProperty("sequences")[0])[prompt.Length..];
        var request = new GenerationRequest
        {
            Id = "guided", PromptTokens = prompt, Sampling = new() { GuidanceScale = 1.5f }, Stop = new() { MaxNewTokens = expected.Length },
        };
        Assert.Equal(expected, (await models["tiny-llama"].GenerateAsync(request, Cancellation))[0].Ids);
    }

    [Fact]
    public async Task The_scores_are_those_of_the_formula()
    {
        int[] prompt = [5, 9, 2];
        int[] negative = [7, 7];
        List<int> tokens = [];
        float[] towards = new float[61], away = new float[61];
        for (int step = 0; step < 12 && !tokens.Contains(LetterTokenizer.Eos); step++)
        {
            ScriptedExecutor.Fill(towards, [.. prompt, .. tokens]);
            ScriptedExecutor.Fill(away, [.. negative, .. tokens]);
            double normalTowards = Math.Log(towards.Sum(one => Math.Exp(one))), normalAway = Math.Log(away.Sum(one => Math.Exp(one)));
            tokens.Add(Enumerable.Range(0, 61).MaxBy(id => (2.5 * (towards[id] - normalTowards - (away[id] - normalAway))) + away[id] - normalAway));
        }
        await using var harness = new EngineHarness(new ScriptedExecutor());
        Assert.Equal(tokens, (await harness.GenerateAsync(Request("one", prompt, negative, 12, 1), Cancellation))[0].Ids);
    }

    [Theory]
    [InlineData(256, 8)]
    [InlineData(34, 2)]
    [InlineData(34, 1)]
    public async Task Guided_sequences_end_the_same_with_any_room(int kvCells, int slots)
    {
        await using var alone = new EngineHarness(new ScriptedExecutor(kvCells: 512, maxSequences: 16));
        await using var crowded = new EngineHarness(new ScriptedExecutor(kvCells, slots, slots + 5, contextLength: 32));
        GenerationRequest[] requests = [.. Enumerable.Range(0, 8)
            .Select(i => Request($"{i}", [.. Enumerable.Range(1, 2 + i)], [.. Enumerable.Range(30, i)], 6 + i, 1 + (i % 3)))];
        IReadOnlyList<SequenceResult>[] together = await Task.WhenAll(requests.Select(request => crowded.GenerateAsync(request, Cancellation)));
        for (int i = 0; i < requests.Length; i++)
            Assert.Equal((await alone.GenerateAsync(requests[i], Cancellation)).Select(one => one.Text), together[i].Select(one => one.Text));
    }

    [Fact]
    public async Task A_guided_generation_goes_on_from_its_log()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        GenerationRequest request = Request("whole", [5, 9, 2], [7], 12, 1);
        SequenceResult whole = (await harness.GenerateAsync(request, Cancellation))[0];
        SequenceResult rest = (await harness.GenerateAsync(request with { Id = "rest", Resume = [whole.Ids[..4]] }, Cancellation))[0];
        Assert.Equal(whole.Ids[4..], rest.Ids);
    }

    [Fact]
    public async Task Guidance_with_beams_is_refused()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        GenerationRequest request = Request("beams", [1], [2], 3, 1) with { Beams = new() { Count = 2 } };
        Assert.Equal("guidance_scale", Assert.Throws<InvalidRequestException>(() => harness.Engine.Submit(request)).Field);
    }

    private static GenerationRequest Request(string id, int[] prompt, int[] negative, int newTokens, int count) => new()
    {
        Id = id,
        PromptTokens = prompt,
        SequenceCount = count,
        Sampling = new() { GuidanceScale = 2.5f, NegativePromptTokens = negative, DoSample = count > 1 },
        Stop = new() { MaxNewTokens = newTokens },
    };
}
