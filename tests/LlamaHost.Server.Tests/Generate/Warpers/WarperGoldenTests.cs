using System.Net;
using System.Text.Json.Nodes;
using LlamaHost.Tests;
using Xunit.Sdk;

namespace LlamaHost.Server.Tests.Generate.Warpers;

/// <summary>Over HTTP as well, tokens are drawn with the probabilities of transformers, from models whose logits are the golden vectors.</summary>
public sealed class WarperGoldenTests(ConstantServer server) : IClassFixture<ConstantServer>
{
    private const int Draws = 1024;

    // Transformers ignores a top_p above 1, LlamaHost refuses it.
    private const string RefusedOnPurpose = "warpers-152";

    [Fact]
    public async Task The_models_have_the_logits_that_they_are_made_of()
    {
        foreach ((int index, float[] logits) in server.Vectors.Index())
        {
            string alphabet = ConstantModel.Alphabet(logits.Length);
            JsonNode answer = await server.Client.AskAsync("/score", new { model = ConstantServer.Model(index), text = alphabet[^1] + alphabet });

            JsonNode text = Assert.Single(answer["texts"]!.AsArray())!;
            Assert.Equal([logits.Length - 1, .. Enumerable.Range(0, logits.Length)], text["token_ids"]!.AsArray().Select(id => (int)id!));
            double logSum = Math.Log(logits.Sum(logit => Math.Exp(logit)));
            Assert.All(logits.Zip(text["token_logprobs"]!.AsArray().Skip(1)), pair => Assert.Equal(pair.First - logSum, (double)pair.Second!, 1e-5));
        }
    }

    [Fact]
    public async Task Draws_follow_the_probabilities_of_transformers() =>
        await AssertAllAsync(144, one => !IsRefused(one) && !one.IsBeam, AssertDrawnAsync);

    [Fact]
    public async Task Beams_are_the_tokens_that_are_kept_and_their_scores_the_probabilities() =>
        await AssertAllAsync(6, one => one.IsBeam, AssertBeamsAsync);

    [Fact]
    public async Task What_transformers_refuses_is_refused() => await AssertAllAsync(3, IsRefused, AssertRefusedAsync);

    private static bool IsRefused(WarperCase one) => one.IsError || one.Id == RefusedOnPurpose;

    private async Task AssertAllAsync(int count, Func<WarperCase, bool> isMeant, Func<WarperCase, Task> assertAsync)
    {
        WarperCase[] cases = [.. WarperCase.All(server.Vectors).Where(isMeant)];
        Assert.Equal(count, cases.Length);
        List<string> failures = [];
        foreach (WarperCase one in cases)
        {
            try
            {
                await assertAsync(one);
            }
            catch (XunitException failure)
            {
                failures.Add($"{one.Id}: {failure.Message}");
            }
        }
        Assert.True(failures.Count == 0, $"{failures.Count} of {count} fail:\n{string.Join('\n', failures)}");
    }

    private async Task AssertDrawnAsync(WarperCase one)
    {
        JsonNode answer = await server.Client.GenerateAsync(one.Body(Draws));

        // Sequences that end before say nothing of the token that the case is about.
        int[] drawn =
        [
            .. answer["sequences"]!.AsArray().Select(sequence => sequence!["token_ids"]!.AsArray())
                .Where(ids => ids.Count > one.Position).Select(ids => (int)ids[one.Position]!),
        ];
        Assert.InRange(drawn.Length, one.Position == 0 ? Draws : Draws / 4, Draws);
        Assert.InRange(drawn.Distinct().Count(), 1, one.Kept.Length);
        Dictionary<double, int> seen = drawn.CountBy(one.Class).ToDictionary();
        Dictionary<double, double> expected = one.Kept.Zip(one.Probabilities)
            .GroupBy(token => one.Class(token.First)).ToDictionary(same => same.Key, same => same.Sum(token => token.Second) * drawn.Length);
        Assert.Empty(seen.Keys.Except(expected.Keys));
        ChiSquare.AssertFits(expected.OrderBy(token => token.Key).Select(token => (token.Value, seen.GetValueOrDefault(token.Key))));
    }

    // The two beams that are drawn from two tokens are always these. A beam's score is its token's log-probability after the warpers, not normalised.
    private async Task AssertBeamsAsync(WarperCase one)
    {
        JsonNode answer = await server.Client.GenerateAsync(one.Body(one.Kept.Length));

        JsonNode[] beams = [.. answer["sequences"]!.AsArray().Select(beam => beam!)];
        int[] tokens = [.. beams.Select(beam => (int)Assert.Single(beam["token_ids"]!.AsArray())!)];
        Assert.Equal(one.Kept.Length, tokens.Distinct().Count());
        Assert.Equal(one.Kept.Select(one.Class).Order(), tokens.Select(one.Class).Order());
        double[] weights = [.. beams.Select(beam => Math.Exp((double)beam["score"]!))];
        double sum = weights.Sum();
        Assert.Equal(one.Probabilities.OrderDescending(), weights.Select(weight => weight / sum), (left, right) => Math.Abs(left - right) < 1e-5);
    }

    private async Task AssertRefusedAsync(WarperCase one)
    {
        using HttpResponseMessage response = await server.Client.PostAsync(one.Body(1));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }
}
