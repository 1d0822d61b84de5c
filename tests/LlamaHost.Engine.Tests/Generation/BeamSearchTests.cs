using CsCheck;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Fakes;

namespace LlamaHost.Engine.Tests.Generation;

public sealed class BeamSearchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Beams_find_the_same_in_any_crowd_and_with_little_room()
    {
        await using var alone = new EngineHarness(new ScriptedExecutor(kvCells: 512, maxSequences: 16));
        Gen<(int, int, int, (int, int, int, int)[])> cases = Gen.Select(
            Gen.Int[34, 80], Gen.Int[1, 6], Gen.Int[2, 40],
            Gen.Select(Gen.Int[1, 5], Gen.Int[1, 12], Gen.Int[1, 14], Gen.Int[0, 1]).Array[1, 6]);
        int run = 0;
        await cases.SampleAsync(async (kvCells, slots, failEvery, shapes) =>
        {
            int number = Interlocked.Increment(ref run);
            var executor = new ScriptedExecutor(kvCells, slots, batchTokens: slots + 7, contextLength: 32);
            int decodes = 0;
            // Not for ever: refusals that come faster than a prompt is computed would keep it from ever ending.
            executor.Inject = _ =>
                ++decodes > 60 ? null : (decodes % failEvery) switch { 1 => DecodeStatus.NoKvSlot, 3 => DecodeStatus.Aborted, _ => null };
            await using var crowded = new EngineHarness(executor);
            GenerationRequest[] requests = [.. shapes.Select((shape, index) => Request(shape, $"{number}/{index}"))];
            IReadOnlyList<SequenceResult>[] together = await Task.WhenAll(requests.Select(request => crowded.GenerateAsync(request, Cancellation)));
            foreach ((GenerationRequest request, IReadOnlyList<SequenceResult> actual) in requests.Zip(together))
            {
                IReadOnlyList<SequenceResult> expected = await alone.GenerateAsync(request, Cancellation);
                Assert.Equal(expected.Select(Describe), actual.Select(Describe));
            }
        }, iter: 300, threads: 1);
    }

    [Fact]
    public async Task A_prompt_is_computed_once_for_all_beams()
    {
        var executor = new ScriptedExecutor(kvCells: 256, maxSequences: 8);
        await using var harness = new EngineHarness(executor);
        await harness.GenerateAsync(Request((4, 60, 5, 0), "one"), Cancellation);
        Assert.InRange(executor.ComputedTokens, 60, 60 + (4 * 5));
    }

    [Fact]
    public async Task Sampled_beams_follow_the_seed()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        async Task<string> Run(string id, ulong seed) =>
            string.Join(';', (await harness.GenerateAsync(Request((4, 3, 8, 1), id) with { Seed = seed }, Cancellation)).Select(Describe));
        Assert.Equal(await Run("a", 1), await Run("b", 1));
        Assert.NotEqual(await Run("c", 1), await Run("d", 2));
    }

    [Fact]
    public async Task A_cancelled_search_ends_every_sequence_and_frees_its_cells()
    {
        var executor = new ScriptedExecutor();
        await using var harness = new EngineHarness(executor);
        executor.Inject = _ =>
        {
            if (executor.Decodes == 4)
                harness.Engine.Cancel("search");
            return null;
        };
        IReadOnlyList<SequenceResult> results = await harness.GenerateAsync(
            Request((3, 5, 60, 0), "search") with { SequenceCount = 3 }, Cancellation);
        Assert.Equal(3, results.Count);
        Assert.All(results, result => Assert.Equal((FinishReason.Cancelled, 0), (result.Finish!.Reason, result.Tokens.Count)));
    }

    [Theory]
    [InlineData("num_beams", 1, 1, 1f)]
    [InlineData("num_return_sequences", 2, 3, 1f)]
    [InlineData("length_penalty", 2, 1, float.NaN)]
    public async Task What_can_not_be_searched_is_refused_by_field(string field, int beams, int sequences, float lengthPenalty)
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        GenerationRequest request = Request((2, 2, 2, 0), "x") with
            { SequenceCount = sequences, Beams = new() { Count = beams, LengthPenalty = lengthPenalty } };
        Assert.Equal(field, Assert.Throws<InvalidRequestException>(() => harness.Engine.Submit(request)).Field);
    }

    private static GenerationRequest Request((int Beams, int Prompt, int NewTokens, int Sample) shape, string id) => new()
    {
        Id = id,
        PromptTokens = [.. Enumerable.Range(1 + (shape.Prompt % 3), shape.Prompt)],
        SequenceCount = Math.Max(1, shape.Beams - 1),
        Seed = (ulong)shape.Prompt,
        Sampling = new() { DoSample = shape.Sample == 1 || shape.Beams == 1, TopK = 8, RepetitionPenalty = 1.1f },
        Beams = shape.Beams == 1
            ? null
            : new() { Count = shape.Beams, EarlyStopping = (EarlyStopping)(shape.NewTokens % 3), LengthPenalty = shape.Prompt % 2 },
        Stop = new() { MaxNewTokens = shape.NewTokens },
    };

    private static string Describe(SequenceResult result) =>
        $"{result.Index} {string.Join(',', result.Ids)} {result.Text} {result.Finish!.Reason} {result.Finish.Score:R}";
}
