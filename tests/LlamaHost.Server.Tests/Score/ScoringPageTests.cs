using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Score;

/// <summary>Every call that the page on scoring shows works as it stands there, on the repository's own settings and model.</summary>
[Collection<DefaultServerCollection>]
public sealed class ScoringPageTests(DefaultServer server)
{
    [Fact]
    public async Task Every_call_of_the_page_on_scoring_is_answered_and_says_what_the_page_says()
    {
        IReadOnlyList<DocumentedCall> calls = await DocumentedCall.ReadAsync("docs/scoring.md");
        Dictionary<string, List<JsonNode>> answers = [];
        foreach (DocumentedCall call in calls)
        {
            JsonNode answer = JsonNode.Parse(await call.SendAsync(server.Client))!;
            if (!answers.TryAdd(call.Path, [answer]))
                answers[call.Path].Add(answer);
        }

        Assert.Equal(["/detokenize", "/score", "/tokenize"], answers.Keys.Order());
        JsonNode lights = Assert.Single(answers["/score"], one => one["continuations"] is { } given && given.AsArray().Count == 3);
        double[] probabilities = [.. lights["continuations"]!.AsArray().Select(one => (double)one!["probability"]!)];
        Assert.Equal(probabilities.Max(), probabilities[0]);
        Assert.Equal("Hello, world!", (string?)answers["/detokenize"][0]["text"]);
    }
}
