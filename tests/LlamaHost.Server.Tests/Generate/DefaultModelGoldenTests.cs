using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.Generate;

/// <summary>Over HTTP, too, the default model generates what transformers does with its weights, as far as rounding leaves that certain.</summary>
/// <remarks>Rounding also depends on what shares a batch, so that each case is asked for alone.</remarks>
[Collection<ExactDefaultServerCollection>]
public sealed class DefaultModelGoldenTests(ExactDefaultServer server, ITestOutputHelper output)
{
    [Fact]
    public async Task Greedy_tokens_are_those_of_transformers_up_to_the_first_near_tie_and_as_likely()
    {
        DefaultModelGolden.GreedyCase[] cases = DefaultModelGolden.Greedy();
        LogProbDifferences differences = new();

        int compared = 0;
        foreach (DefaultModelGolden.GreedyCase one in cases)
        {
            int certain = one.CertainTokens.Length;
            JsonNode answer = await server.Client.GenerateAsync(GenerateClient.Body(new
            {
                prompt_token_ids = one.Prompt, max_new_tokens = Math.Min(certain + 1, one.Tokens.Length), do_sample = false, details = true,
            }));

            JsonNode sequence = Assert.Single(answer["sequences"]!.AsArray())!;
            int[] tokens = [.. sequence["token_ids"]!.AsArray().Select(id => (int)id!)];
            Assert.Equal(one.CertainTokens, tokens.Take(certain));
            // At a near tie the other token may be taken, which the golden data gives no log-probability of.
            int same = tokens.Zip(one.Tokens).TakeWhile(pair => pair.First == pair.Second).Count();
            foreach ((double golden, JsonNode? token) in one.LogProbs.Zip(sequence["tokens"]!.AsArray()).Take(same))
                differences.Add(golden, (double)token!["logprob"]!);
            compared += same > 0 ? 1 : 0;
        }
        differences.AssertSmall();
        output.WriteLine($"{cases.Sum(one => one.CertainTokens.Length)} tokens are certain, {compared} of {cases.Length} cases compared");
    }

    [Fact]
    public async Task Beams_have_the_scores_of_their_tokens_best_first()
    {
        DefaultModelGolden.BeamCase[] cases = DefaultModelGolden.Beams();

        int same = 0;
        foreach (DefaultModelGolden.BeamCase one in cases)
        {
            JsonNode answer = await server.Client.GenerateAsync(Body(one));

            JsonNode[] beams = [.. answer["sequences"]!.AsArray().Select(beam => beam!)];
            Assert.Equal(one.Rows.Length, beams.Length);
            double[] scores = [.. beams.Select(beam => (double)beam["score"]!)];
            Assert.Equal(scores.OrderDescending(), scores);
            Assert.All(beams.Zip(scores), pair => Assert.Equal(
                pair.First["tokens"]!.AsArray().Average(token => (double)token!["logprob"]!), pair.Second, 1e-3));
            if (!one.Sequences[0].SequenceEqual(beams[0]["token_ids"]!.AsArray().Select(id => (int)id!)))
                continue;
            same++;
            Assert.Equal(one.Scores[0], scores[0], DefaultModelGolden.LargestOfScores);
        }
        output.WriteLine($"{same} of {cases.Length} searches have the same best beam");
        Assert.True(same >= 2, $"Only {same} of {cases.Length} searches have the same best beam.");
    }

    private static string Body(DefaultModelGolden.BeamCase one)
    {
        JsonObject body = JsonObject.Create(one.Config)!;
        body["prompt_token_ids"] = new JsonArray([.. one.Prompt.Select(token => JsonValue.Create(token))]);
        body["details"] = true;
        return body.ToJsonString();
    }
}
