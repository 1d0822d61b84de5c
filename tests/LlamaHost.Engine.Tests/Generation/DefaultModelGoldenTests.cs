using LlamaHost.Engine.Requests;
using LlamaHost.Tests;

namespace LlamaHost.Engine.Tests.Generation;

/// <summary>
/// The default model, quantised as it is, generates what transformers does with its weights, as far as rounding leaves that certain. Rounding also
/// depends on what shares a batch, so that each case has the engine to itself.
/// </summary>
public sealed class DefaultModelGoldenTests(ITestOutputHelper output) : IAsyncLifetime
{
    private EngineHarness _harness = null!;

    public ValueTask InitializeAsync()
    {
        _harness = new EngineHarness(TinyModels.Load(RepositoryFiles.DefaultModel, kvCells: 4096, maxSequences: 32, batchTokens: 512));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync() => await _harness.DisposeAsync();

    [Fact]
    public async Task Greedy_tokens_are_as_likely_as_for_transformers_and_the_most_likely_ones_but_for_near_ties()
    {
        DefaultModelGolden.GreedyCase[] cases = DefaultModelGolden.Greedy();
        Assert.Equal(30, cases.Length);
        LogProbDifferences differences = new();

        List<IReadOnlyList<SequenceResult>> results = await EachAsync(cases.Select(one =>
            new GenerationRequest { Id = one.Id, PromptTokens = one.Prompt, Continuations = [one.Tokens], LogProbs = 1 }));

        int equal = 0;
        foreach ((DefaultModelGolden.GreedyCase one, IReadOnlyList<SequenceResult> result) in cases.Zip(results))
        {
            Assert.Equal(one.Tokens, result[0].Ids);
            equal += result[0].Tokens.All(token => token.Alternatives![0].Id == token.Id) ? 1 : 0;
            foreach ((int i, TokenEvent token) in result[0].Tokens.Index())
            {
                differences.Add(one.LogProbs[i], token.LogProb!.Value);
                Assert.True(
                    token.Alternatives![0].Id == token.Id || one.Gaps[i] < DefaultModelGolden.NearTie,
                    $"{one.Id}: token {i} leads by {one.Gaps[i]}, but another is taken for likelier.");
            }
        }
        differences.AssertSmall();
        output.WriteLine($"in {equal} of {cases.Length} runs every token is the most likely one");
        Assert.True(equal >= DefaultModelGolden.FewestEqualRuns, $"Only in {equal} of {cases.Length} runs every token is the most likely one.");
    }

    [Fact]
    public async Task Greedy_tokens_are_those_of_transformers_up_to_the_first_near_tie()
    {
        DefaultModelGolden.GreedyCase[] cases = [.. DefaultModelGolden.Greedy().Where(one => one.CertainTokens.Length > 0)];
        LogProbDifferences differences = new();

        List<IReadOnlyList<SequenceResult>> results = await EachAsync(cases.Select(one => new GenerationRequest
        {
            Id = one.Id, PromptTokens = one.Prompt, LogProbs = 0, Stop = new() { MaxNewTokens = one.CertainTokens.Length },
        }));

        foreach ((DefaultModelGolden.GreedyCase one, IReadOnlyList<SequenceResult> result) in cases.Zip(results))
        {
            Assert.Equal(one.CertainTokens, result[0].Ids);
            foreach ((double golden, TokenEvent token) in one.LogProbs.Zip(result[0].Tokens))
                differences.Add(golden, token.LogProb!.Value);
        }
        differences.AssertSmall();
        output.WriteLine($"{cases.Sum(one => one.CertainTokens.Length)} tokens of {cases.Length} cases are certain");
    }

    [Fact]
    public async Task Beams_have_the_scores_of_their_tokens_and_those_of_transformers_are_scored_alike()
    {
        DefaultModelGolden.BeamCase[] cases = DefaultModelGolden.Beams();
        Assert.Equal(6, cases.Length);
        List<IReadOnlyList<SequenceResult>> given = await EachAsync(cases.Select(one => Scoring(one, one.Sequences)));
        List<IReadOnlyList<SequenceResult>> found = await EachAsync(cases.Select(one => new GenerationRequest
        {
            Id = one.Id,
            PromptTokens = one.Prompt,
            SequenceCount = one.Rows.Length,
            Beams = new BeamSettings { Count = one.Config.GetProperty("num_beams").GetInt32() },
            LogProbs = 0,
            Stop = new() { MaxNewTokens = one.Config.GetProperty("max_new_tokens").GetInt32() },
        }));

        for (int i = 0; i < cases.Length; i++)
        {
            Assert.All(cases[i].Scores.Zip(given[i]), pair => Assert.Equal(pair.First, Mean(pair.Second), DefaultModelGolden.LargestOfScores));
            Assert.All(found[i], beam => Assert.Equal(Mean(beam), beam.Finish!.Score!.Value, 1e-3));
            Assert.Equal(found[i].OrderByDescending(Mean), found[i]);
        }
        // Which beams survive is decided by candidates whose gaps the golden data does not give.
        int same = cases.Zip(found).Count(pair => pair.First.Sequences[0].SequenceEqual(pair.Second[0].Ids));
        output.WriteLine($"{same} of {cases.Length} searches have the same best beam");
        Assert.True(same >= 2, $"Only {same} of {cases.Length} searches have the same best beam.");
    }

    private static GenerationRequest Scoring(DefaultModelGolden.BeamCase one, int[][] sequences) =>
        new()
        {
            Id = $"{one.Id} {Guid.NewGuid()}", PromptTokens = one.Prompt, SequenceCount = sequences.Length, Continuations = sequences, LogProbs = 0,
        };

    private static double Mean(SequenceResult sequence) => sequence.Tokens.Average(token => (double)token.LogProb!.Value);

    private async Task<List<IReadOnlyList<SequenceResult>>> EachAsync(IEnumerable<GenerationRequest> requests)
    {
        List<IReadOnlyList<SequenceResult>> results = [];
        foreach (GenerationRequest request in requests)
            results.Add(await _harness.GenerateAsync(request, TestContext.Current.CancellationToken));
        return results;
    }
}
