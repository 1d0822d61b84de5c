using CsCheck;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaHost.Engine.Tests.Generation;

public sealed class InferenceEngineTests
{
    private static readonly SamplingSettings Sampled = new() { DoSample = true, TopK = 0 };

    private static readonly string[][] Stops = [[], ["b"], ["aB", "q"]];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_greedy_request_gets_the_most_likely_tokens_and_its_text()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        IReadOnlyList<SequenceResult> results = await harness.GenerateAsync(Request([3, 1, 4], 20), Cancellation);
        SequenceResult result = Assert.Single(results);
        List<int> expected = ScriptedExecutor.Continue([3, 1, 4], 20);
        Assert.Equal(expected, result.Ids);
        bool ended = expected[^1] == LetterTokenizer.Eos;
        Assert.Equal(ended ? FinishReason.EndOfSequence : FinishReason.Length, result.Finish!.Reason);
        Assert.Equal(string.Concat(expected.Where(token => token != 0).Select(token => Letter(token))), result.Text);
        Assert.Equal((3, expected.Count), (result.Finish.Usage.PromptTokens, result.Finish.Usage.GeneratedTokens));
    }

    [Fact]
    public async Task A_prompt_is_computed_once_for_all_sequences()
    {
        var executor = new ScriptedExecutor(kvCells: 256, maxSequences: 8, batchTokens: 32);
        await using var harness = new EngineHarness(executor);
        int[] prompt = [.. Enumerable.Range(1, 40)];
        IReadOnlyList<SequenceResult> results = await harness.GenerateAsync(
            Request(prompt, 6) with { SequenceCount = 5, Sampling = Sampled, Seed = 4 }, Cancellation);
        int generated = results.Sum(result => result.Tokens.Count);
        // The last token of each sequence is never computed; the last of the prompt may be computed again by each sibling.
        Assert.InRange(executor.ComputedTokens, 40, 40 + generated);
        Assert.True(results.Select(result => result.Text).Distinct().Count() > 1);
        Assert.Equal(4, results.Count(result => result.Finish!.Usage.CachedTokens >= 39));
    }

    [Fact]
    public async Task A_sequence_depends_on_seed_and_index_alone()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        async Task<IReadOnlyList<SequenceResult>> Run(int count, ulong seed) =>
            await harness.GenerateAsync(Request([7, 8], 12) with { SequenceCount = count, Sampling = Sampled, Seed = seed }, Cancellation);
        IReadOnlyList<SequenceResult>[] runs = await Task.WhenAll(Run(1, 5), Run(3, 5), Run(6, 5), Run(6, 6));
        for (int count = 0; count < 3; count++)
            Assert.All(runs[count], result => Assert.Equal(runs[2][result.Index].Ids, result.Ids));
        Assert.NotEqual(runs[2].Select(result => result.Text), runs[3].Select(result => result.Text));
    }

    [Fact]
    public async Task Whatever_runs_beside_them_requests_get_what_they_get_alone_even_without_room_for_all()
    {
        await using var alone = new EngineHarness(new ScriptedExecutor());
        var executor = new ScriptedExecutor(kvCells: 48, maxSequences: 4, batchTokens: 7, contextLength: 40);
        int decodes = 0;
        executor.Inject = _ => (++decodes % 11) switch { 3 => DecodeStatus.NoKvSlot, 7 => DecodeStatus.Aborted, _ => null };
        await using var crowded = new EngineHarness(executor);
        GenerationRequest[] requests =
        [
            .. Enumerable.Range(0, 24).Select(i => Request([.. Enumerable.Range(1 + (i % 3), 3 + i)], 4 + (i % 9)) with
            {
                SequenceCount = 1 + (i % 3), Seed = (ulong)i, Sampling = i % 3 == 0 ? SamplingSettings.Greedy : Sampled,
                LogProbs = i % 2 == 0 ? 2 : null,
            }),
        ];
        IReadOnlyList<SequenceResult>[] together = await Task.WhenAll(requests.Select(request => crowded.GenerateAsync(request, Cancellation)));
        for (int i = 0; i < requests.Length; i++)
        {
            IReadOnlyList<SequenceResult> expected = await alone.GenerateAsync(requests[i], Cancellation);
            Assert.Equal(expected.Select(result => result.Text), together[i].Select(result => result.Text));
            Assert.Equal(expected.Select(result => result.Finish!.Reason), together[i].Select(result => result.Finish!.Reason));
        }
    }

    [Fact]
    public async Task Going_on_from_a_token_log_brings_what_would_have_followed()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        Gen<(ulong, int, int[], string[])> cases = Gen.Select(
            Gen.ULong, Gen.Int[1, 3], Gen.Int[0, 14].Array[3], Gen.Int[0, 2].Select(index => Stops[index]));
        await cases.SampleAsync(async (seed, count, cuts, stops) =>
        {
            GenerationRequest request = Request([5, 6, 7], 14) with
            {
                SequenceCount = count, Seed = seed, Sampling = Sampled with { RepetitionPenalty = 1.3f },
                Stop = new() { MaxNewTokens = 14, StopTexts = stops },
            };
            IReadOnlyList<SequenceResult> whole = await harness.GenerateAsync(request, Cancellation);
            int[][] logs = [.. whole.Select((result, index) => result.Ids[..Math.Min(cuts[index], result.Ids.Length)])];
            IReadOnlyList<SequenceResult> rest = await harness.GenerateAsync(
                request with { Id = Guid.NewGuid().ToString(), Resume = logs }, Cancellation);
            foreach (SequenceResult result in rest)
            {
                SequenceResult before = whole[result.Index];
                int cut = logs[result.Index].Length;
                Assert.Equal(before.Ids[cut..], result.Ids);
                Assert.Equal(before.Tokens[cut..].Select(token => token.Text), result.Tokens.Select(token => token.Text));
                Assert.Equal(
                    (before.Finish!.Reason, before.Finish.Text, before.Finish.StopText),
                    (result.Finish!.Reason, result.Finish.Text, result.Finish.StopText));
                Assert.Equal(before.Ids.Length, result.Finish.Usage.GeneratedTokens);
            }
        }, iter: 200);
    }

    [Fact]
    public async Task Finished_sequences_are_not_generated_again()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        GenerationRequest request = Request([9], 8) with { SequenceCount = 3, Sampling = Sampled };
        IReadOnlyList<SequenceResult> whole = await harness.GenerateAsync(request, Cancellation);
        IReadOnlyList<SequenceResult> rest = await harness.GenerateAsync(request with { Id = "again", FinishedSequences = [0, 2] }, Cancellation);
        Assert.Equal((1, whole[1].Text), (Assert.Single(rest).Index, rest[0].Text));
    }

    [Fact]
    public async Task A_cancelled_request_ends_at_the_next_step_and_frees_its_place()
    {
        var executor = new ScriptedExecutor(maxSequences: 1, batchTokens: 8);
        await using var harness = new EngineHarness(executor);
        executor.Inject = _ =>
        {
            if (executor.Decodes == 5)
                harness.Engine.Cancel("long");
            return null;
        };
        Task<IReadOnlyList<SequenceResult>> cancelled = harness.GenerateAsync(WithoutEnd([2], 100) with { Id = "long" }, Cancellation);
        IReadOnlyList<SequenceResult> next = await harness.GenerateAsync(Request([3], 5), Cancellation);
        SequenceResult ended = (await cancelled)[0];
        Assert.Equal((FinishReason.Cancelled, 5), (ended.Finish!.Reason, ended.Tokens.Count));
        Assert.Equal(ScriptedExecutor.Continue([3], 5), next[0].Ids);
    }

    [Fact]
    public async Task A_stop_text_ends_the_sequence_and_is_cut_from_the_text()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        string whole = (await harness.GenerateAsync(WithoutEnd([2], 30), Cancellation))[0].Text;
        string stop = whole.Substring(10, 3);
        GenerationRequest stopped = WithoutEnd([2], 30);
        SequenceResult result = (await harness.GenerateAsync(stopped with { Stop = stopped.Stop with { StopTexts = [stop] } }, Cancellation))[0];
        Assert.Equal(
            (FinishReason.Stop, stop, whole[..whole.IndexOf(stop, StringComparison.Ordinal)]),
            (result.Finish!.Reason, result.Finish.StopText, result.Text));
    }

    [Fact]
    public async Task A_stop_token_ends_the_sequence_without_its_text()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        SequenceResult whole = (await harness.GenerateAsync(WithoutEnd([2], 30), Cancellation))[0];
        int stop = whole.Ids[9];
        int first = Array.IndexOf(whole.Ids, stop);
        GenerationRequest request = WithoutEnd([2], 30);
        SequenceResult result = (await harness.GenerateAsync(request with { Stop = request.Stop with { StopTokenIds = [stop] } }, Cancellation))[0];
        Assert.Equal((FinishReason.Stop, Letter(stop)), (result.Finish!.Reason, result.Finish.StopText));
        Assert.Equal(whole.Ids[..(first + 1)], result.Ids);
        Assert.Equal(string.Concat(whole.Tokens.Take(first).Select(token => token.Text)), result.Text);
    }

    [Fact]
    public async Task No_end_token_is_chosen_before_the_least_number_of_new_tokens()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        for (int prompt = 1; prompt < 30; prompt++)
        {
            GenerationRequest request = Request([prompt], 40) with { Stop = new() { MaxNewTokens = 40, MinNewTokens = 25 } };
            Assert.InRange((await harness.GenerateAsync(request, Cancellation))[0].Ids.Length, 25, 40);
        }
    }

    [Fact]
    public async Task Log_probabilities_are_of_the_raw_distribution_and_come_only_when_asked_for()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        SequenceResult plain = (await harness.GenerateAsync(Request([4], 6), Cancellation))[0];
        Assert.All(plain.Tokens, token => Assert.True(token.LogProb is null && token.Alternatives is null));
        SequenceResult result = (await harness.GenerateAsync(Request([4], 6) with { LogProbs = 3, Sampling = new() { RepetitionPenalty = 5 } },
            Cancellation))[0];
        foreach (TokenEvent token in result.Tokens)
        {
            Assert.Equal(3, token.Alternatives!.Count);
            Assert.Equal(token.Alternatives.OrderByDescending(one => one.LogProb), token.Alternatives);
            Assert.True(token.LogProb <= token.Alternatives[0].LogProb);
        }
        SequenceResult all = (await harness.GenerateAsync(Request([4], 1) with { LogProbs = 20 }, Cancellation))[0];
        Assert.InRange(all.Tokens[0].Alternatives!.Sum(one => Math.Exp(one.LogProb)), 0.5, 1.0001);
    }

    [Fact]
    public async Task A_fatal_decode_ends_the_engine_with_its_reason()
    {
        var executor = new ScriptedExecutor { Inject = _ => throw new FatalDecodeException("broken") };
        await using var harness = new EngineHarness(executor);
        await Assert.ThrowsAsync<FatalDecodeException>(() => harness.GenerateAsync(Request([1], 3), Cancellation));
        Assert.Throws<ObjectDisposedException>(() => harness.Engine.Submit(Request([1], 3)));
        Assert.True(executor.IsDisposed);
    }

    [Fact]
    public async Task A_sequence_that_the_cache_never_takes_ends_with_an_error_and_the_engine_goes_on()
    {
        var executor = new ScriptedExecutor { Inject = batch => batch.Tokens.Contains(33) ? DecodeStatus.NoKvSlot : null };
        await using var harness = new EngineHarness(executor);
        SequenceResult result = (await harness.GenerateAsync(Request([33], 3), Cancellation))[0];
        Assert.Equal(FinishReason.Error, result.Finish!.Reason);
        Assert.NotNull(result.Finish.Error);
        Assert.Equal(ScriptedExecutor.Continue([2], 2), (await harness.GenerateAsync(Request([2], 2), Cancellation))[0].Ids);
    }

    [Theory]
    [InlineData(false, false, FinishReason.NoToken)]
    [InlineData(true, false, FinishReason.NoToken)]
    [InlineData(false, true, FinishReason.Error)]
    [InlineData(true, true, FinishReason.Error)]
    public async Task Settings_that_leave_no_token_are_told_from_a_model_that_fails(bool beams, bool fails, FinishReason expected)
    {
        await using var harness = new EngineHarness(new ScriptedExecutor { GivesNoNumbers = fails });
        // Two tokens are left, and each only once.
        int[] suppressed = [.. Enumerable.Range(0, 61).Except([20, 21])];
        GenerationRequest request = Request([2], 10) with
        {
            Beams = beams ? new() { Count = 2 } : null, Sampling = new() { SuppressTokens = suppressed, NoRepeatNgramSize = 1 },
        };
        SequenceResult result = (await harness.GenerateAsync(request, Cancellation))[0];
        Assert.Equal(expected, result.Finish!.Reason);
        Assert.NotNull(result.Finish.Error);
    }

    [Fact]
    public async Task Disposal_cancels_what_is_open_and_disposes_the_executor()
    {
        var executor = new ScriptedExecutor();
        var harness = new EngineHarness(executor);
        var started = new TaskCompletionSource();
        harness.Observe = _ => started.TrySetResult();
        Task<IReadOnlyList<SequenceResult>> open = harness.GenerateAsync(WithoutEnd([2], 120), Cancellation);
        await started.Task.WaitAsync(Cancellation);
        await harness.DisposeAsync();
        Assert.Contains((await open)[0].Finish!.Reason, new[] { FinishReason.Cancelled, FinishReason.Length });
        Assert.True(executor.IsDisposed);
    }

    public static TheoryData<string, string, GenerationRequest> Refused => new()
    {
        { "empty_prompt", "prompt", Request([], 3) },
        { "invalid_token_id", "prompt", Request([61], 3) },
        { "invalid_token_id", "prompt", Request([-1], 3) },
        { "context_length_exceeded", "max_new_tokens", Request([1], 128) },
        { "context_length_exceeded", "max_new_tokens", Request([1], int.MaxValue) },
        { "out_of_range", "max_new_tokens", Request([1], 0) },
        { "out_of_range", "min_new_tokens", Request([1], 3) with { Stop = new() { MaxNewTokens = 3, MinNewTokens = -1 } } },
        { "out_of_range", "num_return_sequences", Request([1], 3) with { SequenceCount = 0 } },
        { "out_of_range", "logprobs", Request([1], 3) with { LogProbs = 21 } },
        { "out_of_range", "temperature", Request([1], 3) with { Sampling = new() { Temperature = 0 } } },
        { "out_of_range", "temperature", Request([1], 3) with { Sampling = new() { Temperature = float.NaN } } },
        { "out_of_range", "top_k", Request([1], 3) with { Sampling = new() { TopK = -1 } } },
        { "out_of_range", "top_p", Request([1], 3) with { Sampling = new() { TopP = 0 } } },
        { "out_of_range", "min_p", Request([1], 3) with { Sampling = new() { MinP = 1.5f } } },
        { "out_of_range", "repetition_penalty", Request([1], 3) with { Sampling = new() { RepetitionPenalty = 0 } } },
        { "invalid_token_id", "stop_token_ids", Request([1], 3) with { Stop = new() { StopTokenIds = [99] } } },
        { "invalid_token_id", "eos_token_id", Request([1], 3) with { Stop = new() { EosTokenIds = [99] } } },
        { "invalid_value", "stop", Request([1], 3) with { Stop = new() { StopTexts = [""] } } },
        { "invalid_value", "resume", Request([1], 3) with { Resume = [] } },
        { "invalid_token_id", "resume", Request([1], 3) with { Resume = [[70]] } },
        { "out_of_range", "resume", Request([1], 3) with { Resume = [[1, 2, 3, 4]] } },
        { "invalid_value", "finished_sequences", Request([1], 3) with { FinishedSequences = [0] } },
        { "invalid_value", "finished_sequences", Request([1], 3) with { SequenceCount = 3, FinishedSequences = [1, 1] } },
        { "invalid_value", "id", Request([1], 3) with { Id = "" } },
    };

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task What_can_not_be_served_is_refused_by_code_and_field(string code, string field, GenerationRequest request)
    {
        await using var engine = new InferenceEngine(new ScriptedExecutor(), TimeProvider.System, NullLogger<InferenceEngine>.Instance);
        InvalidRequestException refusal = Assert.Throws<InvalidRequestException>(() => engine.Submit(request));
        Assert.Equal((code, field), (refusal.Code, refusal.Field));
    }

    [Fact]
    public async Task An_id_is_taken_once_as_long_as_it_is_open()
    {
        using var gate = new ManualResetEventSlim();
        await using var harness = new EngineHarness(new ScriptedExecutor
        {
            Inject = _ =>
            {
                gate.Wait(Cancellation);
                return null;
            },
        });
        Task<IReadOnlyList<SequenceResult>> open = harness.GenerateAsync(Request([2], 3) with { Id = "one" }, Cancellation);
        Assert.Equal("duplicate_id", Assert.Throws<InvalidRequestException>(() => harness.Engine.Submit(Request([1], 1) with { Id = "one" })).Code);
        gate.Set();
        await open;
        harness.Engine.Cancel("one");
        harness.Engine.Cancel("unknown");
    }

    private static GenerationRequest Request(int[] prompt, int maxNewTokens) =>
        new() { Id = Guid.NewGuid().ToString(), PromptTokens = prompt, Stop = new() { MaxNewTokens = maxNewTokens } };

    private static GenerationRequest WithoutEnd(int[] prompt, int maxNewTokens) =>
        Request(prompt, maxNewTokens) with { Stop = new() { MaxNewTokens = maxNewTokens, EosTokenIds = [] } };

    private static string Letter(int token) => System.Text.Encoding.UTF8.GetString(new LetterTokenizer(61).Piece(token));
}
