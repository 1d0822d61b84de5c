using CsCheck;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Fakes;
using LlamaHost.Engine.Tests.Generation;

namespace LlamaHost.Engine.Tests.Speculation;

/// <summary>Guessed tokens change how many steps a text takes, and nothing else.</summary>
public sealed class SpeculationTests
{
    private static readonly string[][] Stops = [[], ["b"], ["aB", "q"]];

    // The clock stands still unless a test moves it: nothing is learnt of the machine that runs the tests.
    private readonly ManualTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_text_that_repeats_itself_takes_far_fewer_steps_than_tokens()
    {
        ScriptedExecutor plainExecutor = Repeating(0);
        await using var plain = new EngineHarness(plainExecutor, _time);
        SequenceResult expected = (await plain.GenerateAsync(Greedy([5, 9], 100), Cancellation))[0];
        ScriptedExecutor executor = Repeating(0);
        await using var harness = new EngineHarness(executor, _time, SpeculationMode.PromptLookup);
        SequenceResult result = (await harness.GenerateAsync(Greedy([5, 9], 100), Cancellation))[0];
        Assert.Equal(expected.Ids, result.Ids);
        Assert.Equal(expected.Text, result.Text);
        Assert.Equal(100, plainExecutor.Decodes);
        Assert.InRange(executor.Decodes, 10, 50);
        SequenceUsage usage = result.Finish!.Usage;
        Assert.Equal(100 - executor.Decodes, usage.AcceptedTokens);
        Assert.InRange(usage.AcceptedTokens, 50, usage.DraftedTokens);
        Assert.Equal((0, 0), (expected.Finish!.Usage.DraftedTokens, expected.Finish.Usage.AcceptedTokens));
    }

    [Fact]
    public async Task A_request_says_how_many_tokens_are_guessed_at_most()
    {
        ScriptedExecutor executor = Repeating(0);
        int largest = 0;
        executor.Inject = batch =>
        {
            largest = Math.Max(largest, batch.Count);
            return null;
        };
        await using var harness = new EngineHarness(executor, _time);
        GenerationRequest request = Greedy([5, 9], 100) with { PromptLookup = new() { MaxTokens = 3, MaxMatchingNgramSize = 1 } };
        SequenceResult result = (await harness.GenerateAsync(request, Cancellation))[0];
        Assert.Equal(4, largest);
        Assert.True(result.Finish!.Usage.AcceptedTokens > 50);
    }

    [Fact]
    public async Task Nothing_is_guessed_where_a_row_costs_as_much_as_a_step()
    {
        ScriptedExecutor dear = Repeating(0);
        dear.Inject = batch => Take(batch, perRow: 1);
        await using var harness = new EngineHarness(dear, _time, SpeculationMode.PromptLookup);
        await harness.GenerateAsync(Greedy([5, 9], 100), Cancellation);
        SequenceUsage second = (await harness.GenerateAsync(Greedy([5, 9, 9], 100), Cancellation))[0].Finish!.Usage;
        Assert.InRange(second.DraftedTokens, 0, 10);
    }

    [Fact]
    public async Task Fewer_tokens_are_guessed_beside_many_sequences_than_alone()
    {
        async Task<double> DraftsPerToken(int count)
        {
            ScriptedExecutor executor = Repeating(0);
            executor.Inject = batch => Take(batch, perRow: 0.4);
            await using var harness = new EngineHarness(executor, _time, SpeculationMode.PromptLookup);
            IReadOnlyList<SequenceResult> results = await harness.GenerateAsync(Greedy([5, 9], 40) with { SequenceCount = count }, Cancellation);
            return results.Average(result => result.Finish!.Usage.DraftedTokens);
        }
        Assert.True(await DraftsPerToken(8) < await DraftsPerToken(1) * 0.7);
    }

    [Fact]
    public async Task A_text_that_never_repeats_itself_gets_no_guesses()
    {
        var executor = new ScriptedExecutor();
        await using var harness = new EngineHarness(executor, _time, SpeculationMode.PromptLookup);
        SequenceUsage usage = (await harness.GenerateAsync(Greedy([5, 9], 100), Cancellation))[0].Finish!.Usage;
        Assert.InRange(usage.DraftedTokens, 0, 5);
    }

    [Fact]
    public async Task A_prompt_that_is_copied_with_changes_takes_far_fewer_steps_than_tokens()
    {
        const int Changed = 7;
        int[] original = [.. Enumerable.Range(0, 60).Select(i => 1 + (i * 17 % 59))];
        int[] copy = [.. original.Select((token, i) => i % 15 == 9 ? Changed : token)];
        var executor = new ScriptedExecutor(contextLength: 120);
        await using var harness = new EngineHarness(executor, _time, SpeculationMode.PromptLookup);
        // The model wants nothing but the copy.
        GenerationRequest request = Greedy([.. original, .. copy[..4]], 50);
        executor.Dictate = position => copy[position - original.Length];
        SequenceResult result = (await harness.GenerateAsync(request, Cancellation))[0];
        Assert.Equal(copy[4..54], result.Ids);
        Assert.InRange(executor.Decodes, 5, 30);
    }

    [Fact]
    public async Task The_tokens_of_one_step_come_in_one_event_in_their_order()
    {
        await using var harness = new EngineHarness(Repeating(0), _time, SpeculationMode.PromptLookup);
        var events = new List<SequenceEvent>();
        harness.Observe = events.Add;
        SequenceResult result = (await harness.GenerateAsync(Greedy([5, 9], 100), Cancellation))[0];
        Assert.Contains(events, one => one.Tokens.Count > 3);
        Assert.Equal(100 - result.Finish!.Usage.AcceptedTokens, events.Count);
        Assert.Equal(result.Ids, events.SelectMany(one => one.Tokens).Select(token => token.Id));
    }

    [Fact]
    public async Task Whatever_happens_requests_get_the_tokens_that_they_get_without_guesses()
    {
        long accepted = 0;
        long drafted = 0;
        Gen<Scenario> scenarios =
            from kvCells in Gen.Int[48, 120]
            from slots in Gen.Int[1, 5]
            from extraBudget in Gen.Int[1, 24]
            from whim in Gen.Int[0, 2]
            from failures in Gen.Int[0, 9].Array[1, 30]
            from requests in
                (from prompt in Gen.Int[1, 6].Array[1, 12]
                 from newTokens in Gen.Int[1, 34]
                 from count in Gen.Int[1, 3]
                 from sampled in Gen.Bool
                 from seed in Gen.ULong
                 from stops in Gen.Int[0, 2]
                 from asked in Gen.Int[0, 6]
                 from variant in Gen.Int[0, 4]
                 select Request(prompt, newTokens, stops, variant) with
                 {
                     SequenceCount = count,
                     Seed = seed,
                     Sampling = Sampling(sampled, variant),
                     PromptLookup = asked == 0 ? null : new() { MaxTokens = asked, MaxMatchingNgramSize = 1 + (asked % 3) },
                 }).Array[1, 6]
            select new Scenario(kvCells, slots, slots + extraBudget, whim * 0.05f, failures, requests);
        await scenarios.SampleAsync(async scenario =>
        {
            await using var alone = new EngineHarness(new ScriptedExecutor { Whim = scenario.Whim }, _time);
            var executor = new ScriptedExecutor(scenario.KvCells, scenario.Slots, scenario.BatchTokens, contextLength: 48) { Whim = scenario.Whim };
            int decodes = 0;
            executor.Inject = batch => decodes < scenario.Failures.Length
                ? scenario.Failures[decodes++] switch { 0 => DecodeStatus.NoKvSlot, 1 => DecodeStatus.Aborted, _ => null }
                : Take(batch, perRow: 0.01);
            await using var crowded = new EngineHarness(executor, _time, SpeculationMode.PromptLookup);
            IReadOnlyList<SequenceResult>[] together = await Task.WhenAll(
                scenario.Requests.Select(request => crowded.GenerateAsync(Again(request), Cancellation)));
            for (int i = 0; i < together.Length; i++)
            {
                GenerationRequest unguessed = Again(scenario.Requests[i]) with { PromptLookup = null };
                foreach ((SequenceResult one, SequenceResult other) in (await alone.GenerateAsync(unguessed, Cancellation)).Zip(together[i]))
                {
                    Assert.Equal(one.Ids, other.Ids);
                    Assert.Equal(one.Tokens.Select(token => (token.Text, token.LogProb)), other.Tokens.Select(token => (token.Text, token.LogProb)));
                    Assert.Equal((one.Finish!.Reason, one.Finish.StopText), (other.Finish!.Reason, other.Finish.StopText));
                    Assert.Equal(one.Finish.Text, other.Finish.Text);
                    Interlocked.Add(ref accepted, other.Finish.Usage.AcceptedTokens);
                    Interlocked.Add(ref drafted, other.Finish.Usage.DraftedTokens);
                }
            }
        }, iter: 400);
        // Both outcomes of a guess were tried, many times.
        Assert.InRange(accepted, 1000, drafted - 1000);
    }

    [Fact]
    public async Task Going_on_from_a_token_log_brings_what_would_have_followed()
    {
        ScriptedExecutor executor = Repeating(0.05f);
        executor.Inject = batch => Take(batch, perRow: 0.01);
        await using var harness = new EngineHarness(executor, _time, SpeculationMode.PromptLookup);
        await Gen.Select(Gen.ULong, Gen.Int[0, 40], Gen.Int[0, 4]).SampleAsync(async (seed, cut, variant) =>
        {
            GenerationRequest request = Request([5, 6], 40, 0, variant) with { Seed = seed, Sampling = Sampling(sampled: true, variant) };
            SequenceResult whole = (await harness.GenerateAsync(Again(request), Cancellation))[0];
            int[] log = whole.Ids[..Math.Min(cut, whole.Ids.Length)];
            SequenceResult rest = (await harness.GenerateAsync(Again(request) with { Resume = [log] }, Cancellation))[0];
            Assert.Equal(whole.Ids[log.Length..], rest.Ids);
            Assert.Equal((whole.Finish!.Reason, whole.Finish.Text), (rest.Finish!.Reason, rest.Finish.Text));
        }, iter: 200);
    }

    [Fact]
    public async Task Guessed_tokens_follow_the_models_distribution()
    {
        const int Vocabulary = 6;
        const float Temperature = 1.5f;
        var executor = new ScriptedExecutor(kvCells: 4096, vocabulary: Vocabulary, contextLength: 512)
        {
            Whim = 0, Inject = batch => Take(batch, perRow: 0.01),
        };
        await using var harness = new EngineHarness(executor, _time, SpeculationMode.PromptLookup);
        var counts = new double[Vocabulary, Vocabulary];
        int accepted = 0;
        for (ulong seed = 0; seed < 40; seed++)
        {
            GenerationRequest request = Greedy([1], 500) with
            {
                Seed = seed, Sampling = new() { DoSample = true, TopK = 0, Temperature = Temperature },
            };
            SequenceResult result = (await harness.GenerateAsync(request, Cancellation))[0];
            accepted += result.Finish!.Usage.AcceptedTokens;
            int last = 1;
            foreach (int token in result.Ids)
            {
                counts[last, token]++;
                last = token;
            }
        }
        Assert.InRange(accepted, 1000, 19_999);
        double chiSquare = 0;
        var logits = new float[Vocabulary];
        for (int last = 0; last < Vocabulary; last++)
        {
            ScriptedExecutor.Fill(logits, [last], 0);
            double[] weights = [.. logits.Select(logit => Math.Exp(logit / Temperature))];
            double total = Enumerable.Range(0, Vocabulary).Sum(next => counts[last, next]);
            for (int next = 0; next < Vocabulary; next++)
            {
                double expected = total * weights[next] / weights.Sum();
                chiSquare += Math.Pow(counts[last, next] - expected, 2) / expected;
            }
        }
        // 30 degrees of freedom: one run in a million exceeds 83, and one in a million stays below 6.
        Assert.InRange(chiSquare, 6, 83);
    }

    private static ScriptedExecutor Repeating(float whim) => new(contextLength: 120) { Whim = whim };

    private DecodeStatus? Take(Batch batch, double perRow)
    {
        _time.Advance(TimeSpan.FromMilliseconds(10 * (1 + (perRow * (batch.Count - 1)))));
        return null;
    }

    private static GenerationRequest Greedy(int[] prompt, int maxNewTokens) =>
        new() { Id = Guid.NewGuid().ToString(), PromptTokens = prompt, Stop = new() { MaxNewTokens = maxNewTokens, EosTokenIds = [] } };

    private static GenerationRequest Request(int[] prompt, int maxNewTokens, int stops, int variant) => Greedy(prompt, maxNewTokens) with
    {
        LogProbs = variant == 1 ? 1 : null,
        Stop = new()
        {
            MaxNewTokens = maxNewTokens,
            StopTexts = Stops[stops],
            StopTokenIds = variant == 2 ? [3, 4] : [],
            EosTokenIds = variant == 3 ? [] : null,
        },
    };

    private static SamplingSettings Sampling(bool sampled, int variant) => new()
    {
        DoSample = sampled,
        Temperature = 0.5f,
        TopK = 5,
        RepetitionPenalty = variant == 2 ? 1.1f : 1,
        NoRepeatNgramSize = variant == 3 ? 3 : 0,
        Mirostat = variant == 4 && sampled ? new MirostatSettings(2, 0.2f) : null,
    };

    private static GenerationRequest Again(GenerationRequest request) => request with { Id = Guid.NewGuid().ToString() };

    private sealed record Scenario(int KvCells, int Slots, int BatchTokens, float Whim, int[] Failures, GenerationRequest[] Requests);
}
