using System.Text.Json.Nodes;
using LlamaHost.Runtime;
using LlamaHost.Runtime.Scoring;
using LlamaHost.Server.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LlamaHost.Server.Tests.Score;

public sealed class ScoreTests(TinyServer server) : IClassFixture<TinyServer>
{
    private const double Tolerance = 1e-3;

    [Fact]
    public async Task Continuations_are_scored_as_the_text_that_they_make_with_the_prompt()
    {
        string[] continuations = [" a time", " the hill", " a"];
        JsonNode answer = await server.Client.AskAsync("/score", new { prompt = "Once upon", continuations, top_logprobs = 2 });
        JsonNode texts = await server.Client.AskAsync("/score", new { text = continuations.Select(one => "Once upon" + one), top_logprobs = 2 });

        JsonArray scored = answer["continuations"]!.AsArray();
        int promptTokens = answer["prompt_token_ids"]!.AsArray().Count;
        foreach ((JsonNode? one, JsonNode? text) in scored.Zip(texts["texts"]!.AsArray()))
        {
            double[] logProbs = [.. one!["token_logprobs"]!.AsArray().Select(value => (double)value!)];
            Assert.Equal(text!["token_ids"]!.AsArray().Skip(promptTokens).Select(id => (int)id!), one["token_ids"]!.AsArray().Select(id => (int)id!));
            Assert.Equal(
                text["token_logprobs"]!.AsArray().Skip(promptTokens).Select(value => (double)value!), logProbs,
                (left, right) => Math.Abs(left - right) < Tolerance);
            Assert.Equal(logProbs.Sum(), (double)one["logprob"]!, 1e-4);
            Assert.Equal(logProbs.Average(), (double)one["mean_logprob"]!, 1e-4);
            Assert.Equal(1, (double)one["perplexity"]! / Math.Exp(-logProbs.Average()), 1e-4);
            // In the place of each token, and one more for what follows: the text's list begins after its first token.
            Assert.Equal(
                text["top"]!.AsArray().Skip(promptTokens - 1).Select(place => (int)place![0]!["id"]!),
                one["top"]!.AsArray().Select(place => (int)place![0]!["id"]!));
        }
        AssertSoftmax(scored, "probability", "logprob");
        AssertSoftmax(scored, "mean_probability", "mean_logprob");
        Assert.Equal(scored.Sum(one => one!["token_ids"]!.AsArray().Count), (int)answer["usage"]!["scored_tokens"]!);
    }

    [Fact]
    public async Task A_word_after_another_has_the_probability_of_the_pair()
    {
        JsonNode pair = await server.Client.AskAsync("/score", new { prompt = "love", continuations = new[] { " reading" } });
        JsonNode text = await server.Client.AskAsync("/score", new { text = "love reading" });

        Assert.Equal(-(double)text["texts"]![0]!["token_logprobs"]!.AsArray().Skip(pair["prompt_token_ids"]!.AsArray().Count)
            .Sum(one => (double)one!),
            -(double)pair["continuations"]![0]!["logprob"]!, Tolerance);
        Assert.Equal(1, (double)pair["continuations"]![0]!["probability"]!);
    }

    [Fact]
    public async Task A_lone_token_has_no_score_but_what_follows_it_can_be_asked_for()
    {
        JsonNode answer = await server.Client.AskAsync("/score", new { text = "a", top_logprobs = 3 });
        JsonNode without = await server.Client.AskAsync("/score", new { text = "a" });

        JsonNode text = answer["texts"]![0]!;
        Assert.Equal("[null]", text["token_logprobs"]!.ToJsonString());
        Assert.Equal("0", text["nll"]!.ToJsonString());
        Assert.Null(text["mean_nll"]);
        Assert.Null(text["perplexity"]);
        Assert.Equal(3, Assert.Single(text["top"]!.AsArray())!.AsArray().Count);
        Assert.Equal("0", without["texts"]![0]!["nll"]!.ToJsonString());
    }

    [Fact]
    public async Task A_text_longer_than_the_context_is_scored_in_windows_if_a_stride_is_given()
    {
        await using LocalServer small = await LocalServer.StartTinyAsync("--LlamaHost:ContextLength=32", "--LlamaHost:KvCells=256");
        string text = string.Concat(Enumerable.Repeat("Once upon a time there was a fox. ", 6));
        JsonNode refusal = await small.Client.RefusalAsync("/score", new { text });
        JsonNode score = (await small.Client.AskAsync("/score", new { text, stride = 20, top_logprobs = 1 }))["texts"]![0]!;

        int[] ids = [.. score["token_ids"]!.AsArray().Select(one => (int)one!)];
        Assert.Equal(("context_length_exceeded", "text"), ((string?)refusal["code"], (string?)refusal["field"]));
        Assert.Contains($"{ids.Length} tokens", (string)refusal["detail"]!, StringComparison.Ordinal);
        Assert.Contains("32 tokens", (string)refusal["detail"]!, StringComparison.Ordinal);
        Assert.True(ids.Length > 60, $"{ids.Length} tokens");
        // Windows begin at 0, 20, 40, …; each scores what the one before it did not.
        var runtime = small.Services.GetRequiredService<InferenceRuntime>();
        List<double?> expected = [null];
        for (int begin = 0; expected.Count < ids.Length; begin += 20)
        {
            int end = Math.Min(begin + 32, ids.Length);
            var window = new ScoringRequest { PromptTokens = ids[begin..expected.Count], Continuations = [ids[expected.Count..end]] };
            ScoredContinuation scored = (await runtime.ScoreAsync(runtime.Resolve(null), [window], TestContext.Current.CancellationToken))[0][0];
            expected.AddRange(scored.Tokens.Select(token => (double?)token.LogProb));
        }
        Assert.Equal(
            expected, score["token_logprobs"]!.AsArray().Select(one => (double?)one),
            (left, right) => left is null ? right is null : Math.Abs(left.Value - right!.Value) < Tolerance);
        Assert.Equal(-expected.Sum()!.Value, (double)score["nll"]!, Tolerance * ids.Length);
        Assert.Equal(ids.Length, score["top"]!.AsArray().Count);
        Assert.Equal("out_of_range", (string?)(await small.Client.RefusalAsync("/score", new { text, stride = 32 }))["code"]);
    }

    [Fact]
    public async Task An_encoder_decoder_model_scores_answers_to_a_prompt()
    {
        JsonNode answer = await server.Client.AskAsync(
            "/score", new { model = "tiny-t5", prompt = "Once upon a time", continuations = new[] { "yes", "no way" } });
        JsonNode turned = await server.Client.AskAsync(
            "/score", new { model = "tiny-t5", prompt = "Once upon a time", continuations = new[] { "no way" } });
        JsonNode refusal = await server.Client.RefusalAsync("/score", new { model = "tiny-t5", text = "a" });

        AssertSoftmax(answer["continuations"]!.AsArray(), "probability", "logprob");
        Assert.Equal((double)answer["continuations"]![1]!["logprob"]!, (double)turned["continuations"]![0]!["logprob"]!, Tolerance);
        Assert.Equal("unsupported_by_model", (string?)refusal["code"]);
    }

    [Theory]
    [InlineData("missing_field", "text", "{}")]
    [InlineData("missing_field", "prompt", """{"continuations": ["a"]}""")]
    [InlineData("missing_field", "continuations", """{"prompt": "a"}""")]
    [InlineData("conflicting_fields", "prompt", """{"text": "a", "prompt": "b"}""")]
    [InlineData("conflicting_fields", "continuations", """{"text": "a", "continuations": ["b"]}""")]
    [InlineData("conflicting_fields", "stride", """{"prompt": "a b", "continuations": ["b"], "stride": 4}""")]
    [InlineData("empty_prompt", "text", """{"text": ["a b", ""]}""")]
    [InlineData("empty_prompt", "prompt", """{"prompt": "", "continuations": ["b"]}""")]
    [InlineData("out_of_range", "text", """{"text": []}""")]
    [InlineData("out_of_range", "continuations", """{"prompt": "a", "continuations": [""]}""")]
    [InlineData("out_of_range", "top_logprobs", """{"text": "a b", "top_logprobs": 21}""")]
    [InlineData("out_of_range", "stride", """{"text": "a b", "stride": 0}""")]
    [InlineData("out_of_range", "stride", """{"text": "a b", "stride": 512}""")]
    [InlineData("wrong_type", "text", """{"text": 5}""")]
    [InlineData("wrong_type", "prompt", """{"prompt": ["a"], "continuations": ["b"]}""")]
    [InlineData("unknown_field", "choices", """{"prompt": "a", "choices": ["b"]}""")]
    [InlineData("model_not_found", "model", """{"text": "a", "model": "nobody"}""")]
    public async Task What_can_not_be_scored_is_refused_by_code_and_field(string code, string field, string body)
    {
        JsonNode refusal = await server.Client.RefusalAsync("/score", body);

        Assert.Equal((code, field), ((string?)refusal["code"], (string?)refusal["field"]));
        Assert.Contains(field, (string)refusal["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_windows_than_a_request_may_have_are_refused_before_they_are_made()
    {
        string text = string.Concat(Enumerable.Repeat("word ", 200_000));
        JsonNode refusal = await server.Client.RefusalAsync("/score", new { text, stride = 1 });

        Assert.Equal(("too_many_sequences", "text"), ((string?)refusal["code"], (string?)refusal["field"]));
        Assert.Contains("256", (string)refusal["detail"]!, StringComparison.Ordinal);
    }

    private static void AssertSoftmax(JsonArray scored, string probability, string logarithm)
    {
        double[] weights = [.. scored.Select(one => Math.Exp((double)one![logarithm]!))];
        Assert.Equal(
            weights.Select(weight => weight / weights.Sum()), scored.Select(one => (double)one![probability]!),
            (left, right) => Math.Abs(left - right) < 1e-6);
    }
}
