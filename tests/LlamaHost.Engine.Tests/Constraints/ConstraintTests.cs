using System.Text.RegularExpressions;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Fakes;
using LlamaHost.Engine.Tests.Generation;
using LlamaHost.Tests;

namespace LlamaHost.Engine.Tests.Constraints;

/// <summary>What is generated under a grammar matches it, however tokens are chosen.</summary>
public sealed class ConstraintTests
{
    private const string Grammar = "root ::= part{2,6} [XYZ]{0,3}\npart ::= [a-d] [0-9]{1,3} | \"qu\" part? \"Q\"";
    private const string Pattern = "^(?:[a-d][0-9]{1,3}|qu(?:[a-d][0-9]{1,3}|qu(?:.*)Q)?Q){2,6}[XYZ]{0,3}$";

    private static readonly SamplingSettings Hot = new() { DoSample = true, Temperature = 1.5f, TopK = 0 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Strategies => [.. Requests.Keys];

    private static Dictionary<string, GenerationRequest> Requests => new()
    {
        ["greedy"] = Request(SamplingSettings.Greedy),
        ["greedy with penalties"] = Request(new() { RepetitionPenalty = 1.5f, NoRepeatNgramSize = 3 }),
        ["sampled"] = Request(Hot),
        ["top_k"] = Request(Hot with { TopK = 3 }),
        ["top_p and min_p"] = Request(Hot with { TopP = 0.3f, MinP = 0.2f }),
        ["typical_p, xtc and the rest"] = Request(Hot with { TypicalP = 0.5f, EtaCutoff = 0.1f, TopH = 0.5f, Xtc = new(0.5f, 0.05f), TopNSigma = 1 }),
        ["mirostat"] = Request(Hot with { Mirostat = new(3, 0.1f) }),
        ["dynamic temperature"] = Request(Hot with { DynamicTemperatureRange = 0.5f }),
        ["guidance"] = Request(Hot with { GuidanceScale = 1.5f }),
        ["beams"] = Request(SamplingSettings.Greedy) with { Beams = new() { Count = 4 }, SequenceCount = 3 },
        ["sampled beams"] = Request(Hot with { TopK = 5 }) with { Beams = new() { Count = 4 }, SequenceCount = 3 },
        ["prompt lookup"] = Request(Hot) with { PromptLookup = new() { MaxTokens = 5 } },
        ["minimum of tokens"] = Request(Hot) with { Stop = new() { MaxNewTokens = 60, MinNewTokens = 50 } },
        ["without an end token"] = Request(Hot) with { Stop = new() { MaxNewTokens = 60, EosTokenIds = [] } },
    };

    [Theory]
    [MemberData(nameof(Strategies))]
    public async Task Whatever_the_strategy_the_text_matches(string strategy)
    {
        await using var harness = new EngineHarness(new ScriptedExecutor(kvCells: 512));
        IReadOnlyList<SequenceResult> results = await harness.GenerateAsync(Requests[strategy], Cancellation);

        Assert.All(results, one => Assert.Matches(Pattern, one.Text));
        Assert.All(results, one => Assert.Contains(one.Finish!.Reason, (FinishReason[])[FinishReason.EndOfSequence, FinishReason.Stop]));
    }

    [Fact]
    public async Task Greedy_choice_is_the_best_of_what_the_grammar_allows()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        GenerationRequest request = Request(SamplingSettings.Greedy) with { Grammar = "root ::= ([a-d] [0-9])* \"Z\"" };
        int[] ids = (await harness.GenerateAsync(request, Cancellation))[0].Ids;

        List<int> tokens = [.. request.PromptTokens];
        var logits = new float[61];
        for (int i = 0; i < ids.Length; i++)
        {
            ScriptedExecutor.Fill(logits, tokens);
            string allowed = i % 2 == 0 ? "abcdZ" : "0123456789";
            int best = harness.Engine.Tokenizer.Tokenize(allowed, false, false).Where(id => id < 61).MaxBy(id => logits[id]);
            Assert.Equal(best, ids[i]);
            tokens.Add(best);
        }
    }

    [Theory]
    [InlineData(1f, 0)]
    [InlineData(2f, 0)]
    [InlineData(1f, 4)]
    public async Task Drawing_follows_the_distribution_among_what_the_grammar_allows(float temperature, int topK)
    {
        const int Draws = 4000;
        await using var harness = new EngineHarness(new ScriptedExecutor(maxSequences: 8));
        GenerationRequest request = Request(Hot with { Temperature = temperature, TopK = topK }) with
        {
            Grammar = "root ::= [a-h] [0-9]*", SequenceCount = Draws, Seed = 11, Stop = new() { MaxNewTokens = 1, EosTokenIds = [] },
        };
        IReadOnlyList<SequenceResult> results = await harness.GenerateAsync(request, Cancellation);

        var logits = new float[61];
        ScriptedExecutor.Fill(logits, request.PromptTokens);
        int[] allowed = [.. Enumerable.Range(1, 8).OrderByDescending(id => logits[id]).Take(topK == 0 ? 8 : topK)];
        double sum = allowed.Sum(id => Math.Exp(logits[id] / temperature));
        Assert.All(results, one => Assert.Contains(one.Ids[0], allowed));
        foreach (int id in allowed)
        {
            double expected = Math.Exp(logits[id] / temperature) / sum;
            double deviation = Math.Sqrt(expected * (1 - expected) / Draws);
            Assert.InRange(results.Count(one => one.Ids[0] == id) / (double)Draws, expected - (5 * deviation), expected + (5 * deviation));
        }
    }

    [Theory]
    [InlineData("sampled")]
    [InlineData("mirostat")]
    [InlineData("top_k")]
    public async Task A_resumed_sequence_goes_on_as_if_it_had_never_stopped_with_any_room(string strategy)
    {
        GenerationRequest request = Requests[strategy] with { SequenceCount = 1 };
        await using var harness = new EngineHarness(new ScriptedExecutor());
        await using var crowded = new EngineHarness(new ScriptedExecutor(kvCells: 72, maxSequences: 2, batchTokens: 7, contextLength: 64));
        int[] whole = (await harness.GenerateAsync(request, Cancellation))[0].Ids;
        IReadOnlyList<SequenceResult>[] rest = await Task.WhenAll(Enumerable.Range(0, whole.Length).Select(cut =>
            crowded.GenerateAsync(request with { Id = $"{cut}", Resume = [whole[..cut]] }, Cancellation)));

        Assert.All(rest.Select((one, cut) => (one, cut)), pair => Assert.Equal(whole[pair.cut..], pair.one[0].Ids));
    }

    [Fact]
    public async Task A_text_that_nothing_can_follow_ends_without_an_end_token()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        SequenceResult result = (await harness.GenerateAsync(
            Request(Hot) with { SequenceCount = 1, Grammar = "root ::= \"abc\"" }, Cancellation))[0];

        Assert.Equal("abc", result.Text);
        Assert.Equal((FinishReason.Stop, null, 3), (result.Finish!.Reason, result.Finish.StopText, result.Ids.Length));
    }

    [Fact]
    public async Task A_text_that_is_cut_says_so_and_begins_as_the_grammar_does()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        SequenceResult result = (await harness.GenerateAsync(
            Request(Hot) with { SequenceCount = 1, Grammar = "root ::= [ab]{50}", Stop = new() { MaxNewTokens = 20 } }, Cancellation))[0];

        Assert.Matches("^[ab]{20}$", result.Text);
        Assert.Equal(FinishReason.Length, result.Finish!.Reason);
    }

    [Fact]
    public async Task Settings_that_forbid_all_that_the_grammar_allows_leave_no_token()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        foreach (GenerationRequest request in (GenerationRequest[])
            [
                Request(new() { SuppressTokens = [1] }), Request(Hot with { TopP = 0.9f, SuppressTokens = [1] }),
                Request(new() { SuppressTokens = [1] }) with { Beams = new() { Count = 3 }, SequenceCount = 2 },
            ])
        {
            IReadOnlyList<SequenceResult> results = await harness.GenerateAsync(
                request with { Id = Guid.NewGuid().ToString(), Grammar = "root ::= \"a\"" }, Cancellation);
            Assert.All(results, one => Assert.Equal(FinishReason.NoToken, one.Finish!.Reason));
        }
    }

    [Fact]
    public async Task A_grammar_that_can_t_be_enforced_is_refused_with_its_place()
    {
        await using var harness = new EngineHarness(new ScriptedExecutor());
        InvalidRequestException refused = Assert.Throws<InvalidRequestException>(
            () => harness.Engine.Submit(Request(Hot) with { Grammar = "root ::= x" }));

        Assert.Equal(("invalid_grammar", "grammar"), (refused.Code, refused.Field));
        Assert.Contains("line 1, column 10", refused.Message, StringComparison.Ordinal);
    }

    private static GenerationRequest Request(SamplingSettings sampling) => new()
    {
        Id = "one",
        PromptTokens = [4, 8],
        Seed = 5,
        SequenceCount = sampling.DoSample ? 6 : 1,
        Sampling = sampling,
        Grammar = Grammar,
        Stop = new() { MaxNewTokens = 60 },
    };
}
