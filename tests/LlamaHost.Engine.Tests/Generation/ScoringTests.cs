using CsCheck;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaHost.Engine.Tests.Generation;

/// <summary>Given continuations get the log-probabilities that the logits say, whatever runs beside them and whatever fails.</summary>
public sealed class ScoringTests
{
    private const float Tolerance = 1e-4f;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly Gen<int[]> Tokens = Gen.Int[0, 60].Array[1, 12];

    private static readonly Gen<GenerationRequest> AnyScoring =
        from shared in Gen.Int[0, 8]
        from own in Gen.Int[1, 60].Array[1, 6]
        from continuations in Tokens.Array[1, 4]
        from top in Gen.Int[0, 2]
        select Request([.. Enumerable.Range(1, shared), .. own], continuations) with { LogProbs = top };

    private static readonly Gen<GenerationRequest> AnyGeneration =
        from shared in Gen.Int[0, 8]
        from own in Gen.Int[1, 60].Array[1, 6]
        from count in Gen.Int[1, 3]
        from beams in Gen.Bool
        select new GenerationRequest
        {
            Id = Guid.NewGuid().ToString(),
            PromptTokens = [.. Enumerable.Range(1, shared), .. own],
            SequenceCount = count,
            Beams = beams ? new BeamSettings { Count = 3 } : null,
            Stop = new() { MaxNewTokens = 9 },
        };

    [Fact]
    public async Task Each_token_comes_with_its_log_probability_after_those_before_it()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        GenerationRequest request = Request([3, 1, 4], [[1, 5, 9, 0, 2], [6], []]) with { LogProbs = 3 };
        IReadOnlyList<SequenceResult> results = await harness.GenerateAsync(request, Cancellation);
        AssertScored(request, results);
        Assert.Equal("aei_b", string.Concat(results[0].Tokens.Select(token => token.Text)));
        Assert.Equal([false, false, false, true, false], results[0].Tokens.Select(token => token.IsSpecial));
        Assert.Equal((3, 5), (results[0].Finish!.Usage.PromptTokens, results[0].Finish!.Usage.GeneratedTokens));
    }

    [Fact]
    public async Task A_prompt_is_computed_once_for_all_continuations_and_a_last_token_never()
    {
        var executor = new ScriptedExecutor();
        await using var harness = new EngineHarness(executor);
        int[] prompt = [.. Enumerable.Range(1, 40)];
        await harness.GenerateAsync(Request(prompt, [[1], [2], [3], [2]]), Cancellation);
        Assert.Equal(40, executor.ComputedTokens);
        await harness.GenerateAsync(Request([.. prompt.Reverse()], [[4, 5], [6, 7, 8], [9]]), Cancellation);
        Assert.Equal(40 + 40 + 1 + 2, executor.ComputedTokens);
    }

    [Fact]
    public async Task Whatever_runs_beside_them_scores_and_generations_are_those_they_have_alone() =>
        await Gen.Select(Gen.Int[40, 160], Gen.Int[1, 6], Gen.Int[1, 40], Gen.Int[0, 5].Array[0, 40],
            Gen.OneOf(AnyScoring, AnyGeneration).Array[1, 10]).SampleAsync(
            async (kvCells, slots, extraBatch, failures, requests) =>
            {
                // A beam search needs room for all its beams at once.
                var executor = new ScriptedExecutor(kvCells + 30, slots + 3, slots + 3 + extraBatch, contextLength: 40);
                int failure = 0;
                executor.Inject = _ => failure < failures.Length
                    ? failures[failure++] switch { 0 => DecodeStatus.NoKvSlot, 1 => DecodeStatus.Aborted, _ => null }
                    : null;
                await using var crowded = new EngineHarness(executor);
                IReadOnlyList<SequenceResult>[] together = await Task.WhenAll(
                    requests.Select(request => crowded.GenerateAsync(request, Cancellation)));
                await using var alone = new EngineHarness(new ScriptedExecutor());
                foreach ((GenerationRequest request, IReadOnlyList<SequenceResult> results) in requests.Zip(together))
                {
                    if (request.Continuations is not null)
                        AssertScored(request, results);
                    else
                        Assert.Equal((await alone.GenerateAsync(request, Cancellation)).Select(one => one.Ids), results.Select(one => one.Ids));
                }
            }, iter: 300);

    [Fact]
    public async Task Going_on_from_a_token_log_brings_the_scores_that_are_missing()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        await Gen.Select(AnyScoring, Gen.Int[0, 12].Array[4]).SampleAsync(async (request, cuts) =>
        {
            int[][] logs = [.. request.Continuations!.Select((one, index) => one.Take(cuts[index]).ToArray())];
            AssertScored(request, await harness.GenerateAsync(request with { Id = Guid.NewGuid().ToString(), Resume = logs }, Cancellation), logs);
        }, iter: 300);
    }

    [Fact]
    public async Task A_long_text_never_holds_more_than_a_bounded_number_of_rows()
    {
        var executor = new ScriptedExecutor(kvCells: 4096, maxSequences: 4, batchTokens: 1024, contextLength: 1024);
        int most = 0;
        executor.Inject = batch =>
        {
            int rows = 0;
            foreach (bool output in batch.Outputs)
                rows += output ? 1 : 0;
            most = Math.Max(most, rows);
            return null;
        };
        await using var harness = new EngineHarness(executor);
        int[] text = [.. Enumerable.Range(0, 900).Select(i => (i * 7) % 61)];
        GenerationRequest[] requests = [.. Enumerable.Range(1, 3).Select(i => Request([i], [text]))];
        IReadOnlyList<SequenceResult>[] results = await Task.WhenAll(requests.Select(request => harness.GenerateAsync(request, Cancellation)));
        foreach ((GenerationRequest request, IReadOnlyList<SequenceResult> result) in requests.Zip(results))
            AssertScored(request, result);
        Assert.InRange(most, 10, 64 + 4);
    }

    [Fact]
    public async Task Scored_tokens_are_not_taken_from_the_cache_but_a_prompt_is()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        int[] text = [.. Enumerable.Range(1, 50)];
        await harness.GenerateAsync(Request(text, [[7, 7]]), Cancellation);
        GenerationRequest request = Request(text[..40], [text[40..]]);
        IReadOnlyList<SequenceResult> results = await harness.GenerateAsync(request, Cancellation);
        AssertScored(request, results);
        Assert.Equal(39, results[0].Finish!.Usage.CachedTokens);
    }

    [Fact]
    public async Task Logits_that_are_no_numbers_end_a_continuation_with_an_error()
    {
        var executor = new ScriptedExecutor { Spoil = logits => logits[5] = float.NaN };
        await using var harness = new EngineHarness(executor);
        SequenceResult result = (await harness.GenerateAsync(Request([1], [[2, 3]]), Cancellation))[0];
        Assert.Equal(FinishReason.Error, result.Finish!.Reason);
        Assert.NotNull(result.Finish.Error);
    }

    [Fact]
    public async Task Cancelled_scoring_ends_and_frees_its_place()
    {
        var executor = new ScriptedExecutor(maxSequences: 1, batchTokens: 2);
        await using var harness = new EngineHarness(executor);
        executor.Inject = _ =>
        {
            if (executor.Decodes == 5)
                harness.Engine.Cancel("long");
            return null;
        };
        Task<IReadOnlyList<SequenceResult>> cancelled = harness.GenerateAsync(
            Request([2], [[.. Enumerable.Repeat(3, 100)], [1]]) with { Id = "long" }, Cancellation);
        IReadOnlyList<SequenceResult> next = await harness.GenerateAsync(Request([3], [[5, 6]]), Cancellation);
        Assert.Equal(
            [(FinishReason.Cancelled, 10), (FinishReason.Length, 1)], (await cancelled).Select(one => (one.Finish!.Reason, one.Tokens.Count)));
        Assert.Equal(2, next[0].Tokens.Count);
    }

    public static TheoryData<string, GenerationRequest> Refused => new()
    {
        { "invalid_value", Request([1], []) },
        { "invalid_value", Request([1], [[1]]) with { SequenceCount = 2 } },
        { "empty_continuation", Request([1], [[1], []]) },
        { "invalid_token_id", Request([1], [[61]]) },
        { "context_length_exceeded", Request([1], [[.. Enumerable.Repeat(1, 128)]]) },
        { "conflicting_fields", Request([1], [[1], [2]]) with { Beams = new() { Count = 2 } } },
        { "conflicting_fields", Request([1], [[1]]) with { Sampling = new() { GuidanceScale = 2 } } },
        { "invalid_value", Request([1], [[1, 2]]) with { Resume = [[2]] } },
        { "invalid_value", Request([1], [[1, 2]]) with { Resume = [[1, 2, 3]] } },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task What_can_not_be_scored_is_refused(string code, GenerationRequest request)
    {
        await using var engine = new InferenceEngine(new ScriptedExecutor(), TimeProvider.System, NullLogger<InferenceEngine>.Instance);
        Assert.Equal(code, Assert.Throws<InvalidRequestException>(() => engine.Submit(request)).Code);
    }

    private static GenerationRequest Request(int[] prompt, int[][] continuations) => new()
    {
        Id = Guid.NewGuid().ToString(),
        PromptTokens = prompt,
        Continuations = continuations,
        SequenceCount = Math.Max(1, continuations.Length),
        LogProbs = 0,
    };

    // In double precision, from the function that the executor's logits are.
    private static double[] Reference(IReadOnlyList<int> tokens)
    {
        float[] logits = new float[61];
        ScriptedExecutor.Fill(logits, tokens);
        double sum = Math.Log(logits.Sum(logit => Math.Exp(logit)));
        return [.. logits.Select(logit => logit - sum)];
    }

    private static void AssertScored(GenerationRequest request, IReadOnlyList<SequenceResult> results, int[][]? logs = null)
    {
        Assert.Equal(request.SequenceCount, results.Count);
        foreach (SequenceResult result in results)
        {
            IReadOnlyList<int> continuation = request.Continuations![result.Index];
            int before = logs?[result.Index].Length ?? 0;
            Assert.Equal(continuation.Skip(before), result.Ids);
            Assert.Equal((FinishReason.Length, continuation.Count), (result.Finish!.Reason, result.Finish.Usage.GeneratedTokens));
            for (int i = before; i < continuation.Count; i++)
            {
                double[] expected = Reference([.. request.PromptTokens, .. continuation.Take(i)]);
                Assert.Equal(expected[continuation[i]], result.Tokens[i - before].LogProb!.Value, Tolerance);
                AssertTop(expected, request.LogProbs!.Value, result.Tokens[i - before].Alternatives!);
            }
            if (request.LogProbs > 0)
                AssertTop(Reference([.. request.PromptTokens, .. continuation]), request.LogProbs.Value, result.Finish.Next!);
            else
                Assert.Null(result.Finish.Next);
        }
    }

    private static void AssertTop(double[] expected, int count, IReadOnlyList<TokenLogProb> top)
    {
        Assert.Equal(count, top.Count);
        Assert.Equal(
            expected.OrderDescending().Take(count), top.Select(one => (double)one.LogProb), (left, right) => Math.Abs(left - right) < Tolerance);
        Assert.All(top, one => Assert.Equal(expected[one.Id], one.LogProb, Tolerance));
    }
}
