using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.OpenAi;

/// <summary>Echoed prompts and their log-probabilities, as evaluation harnesses ask for them.</summary>
public sealed class CompletionEchoTests(TinyServer server) : IClassFixture<TinyServer>
{
    private const string Path = "/v1/completions";
    private const double Tolerance = 1e-3;

    public static TheoryData<string> Cases => [.. Golden().Select(one => (string)one["id"]!)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Log_probabilities_of_a_prompt_are_those_that_transformers_computes(string id)
    {
        JsonNode expected = Golden().Single(one => (string)one["id"]! == id);
        string text = (string)expected["text"]!;
        JsonNode answer = await server.Client.AskAsync(
            Path, new { model = ModelOf(expected), prompt = text, max_tokens = 0, echo = true, logprobs = 5 });

        JsonNode choice = Assert.Single(answer["choices"]!.AsArray())!;
        Assert.Equal((text, "length"), ((string?)choice["text"], (string?)choice["finish_reason"]));
        double?[] wanted = [.. expected["token_logprobs"]!.AsArray().Select(one => (double?)one)];
        double?[] given = [.. choice["logprobs"]!["token_logprobs"]!.AsArray().Select(one => (double?)one)];
        Assert.Equal(wanted.Length, given.Length);
        Assert.Null(given[0]);
        Assert.All(wanted.Zip(given).Skip(1), pair => Assert.Equal(pair.First!.Value, pair.Second!.Value, Tolerance));
        Assert.Equal((wanted.Length, 0), ((int)answer["usage"]!["prompt_tokens"]!, (int)answer["usage"]!["completion_tokens"]!));
        AssertTops(expected, choice["logprobs"]!);
        AssertOffsets(text, choice["logprobs"]!);
    }

    [Fact]
    public async Task Score_and_completions_agree_on_the_same_text()
    {
        const string Text = "The quick brown fox — naïve 🦊 — jumps over the lazy dog.";
        JsonNode score = (await server.Client.AskAsync("/score", new { text = Text }))["texts"]![0]!;
        JsonNode logprobs = (await server.Client.AskAsync(Path, new { prompt = Text, max_tokens = 0, echo = true, logprobs = 0 }))
            ["choices"]![0]!["logprobs"]!;

        Assert.Equal(score["tokens"]!.ToJsonString(), logprobs["tokens"]!.ToJsonString());
        // Not to the last bit: the second request may find a part of the text in the cache and compute the rest in another batch.
        Assert.Equal(
            score["token_logprobs"]!.AsArray().Select(one => (double?)one), logprobs["token_logprobs"]!.AsArray().Select(one => (double?)one),
            (left, right) => left is null ? right is null : Math.Abs(left.Value - right!.Value) < Tolerance);
        Assert.All(logprobs["top_logprobs"]!.AsArray(), Assert.Null);
        AssertOffsets(Text, logprobs);
    }

    [Fact]
    public async Task What_is_generated_follows_the_prompt_in_text_and_lists()
    {
        JsonNode scored = await server.Client.AskAsync(Path, new { prompt = "Once upon", max_tokens = 0, echo = true, logprobs = 1 });
        JsonNode alone = await server.Client.AskAsync(Path, new { prompt = "Once upon", max_tokens = 3, temperature = 0, logprobs = 1 });
        JsonNode both = await server.Client.AskAsync(Path, new { prompt = "Once upon", max_tokens = 3, temperature = 0, echo = true, logprobs = 1 });

        JsonNode first = scored["choices"]![0]!, second = alone["choices"]![0]!, whole = both["choices"]![0]!;
        Assert.Equal((string)first["text"]! + (string)second["text"]!, (string)whole["text"]!);
        Assert.Equal(Texts(first["logprobs"]!).Concat(Texts(second["logprobs"]!)), Texts(whole["logprobs"]!));
        int[] offsets = Offsets(whole["logprobs"]!);
        Assert.Equal("Once upon".Length, offsets[Texts(first["logprobs"]!).Length]);
        Assert.Equal(0, Offsets(second["logprobs"]!)[0]);
    }

    [Fact]
    public async Task A_greedy_choice_is_the_likeliest_of_its_own_list()
    {
        JsonNode answer = await server.Client.AskAsync(Path, new { prompt = "Once", max_tokens = 8, temperature = 0, logprobs = 2 });
        JsonNode logprobs = answer["choices"]![0]!["logprobs"]!;

        string[] tokens = Texts(logprobs);
        for (int i = 0; i < tokens.Length; i++)
        {
            JsonObject top = logprobs["top_logprobs"]![i]!.AsObject();
            Assert.InRange(top.Count, 1, 3);
            Assert.Equal(top.Max(one => (double)one.Value!), (double)top[tokens[i]]!);
            Assert.Equal((double)top[tokens[i]]!, (double)logprobs["token_logprobs"]![i]!, Tolerance);
        }
    }

    [Fact]
    public async Task Echo_alone_gives_the_prompt_back_for_every_choice()
    {
        JsonNode answer = await server.Client.AskAsync(Path, new { prompt = new[] { "Once", "Twice" }, n = 2, max_tokens = 0, echo = true });

        Assert.Equal(["Once", "Once", "Twice", "Twice"], answer["choices"]!.AsArray().Select(choice => (string)choice!["text"]!));
        Assert.Equal([0, 1, 2, 3], answer["choices"]!.AsArray().Select(choice => (int)choice!["index"]!));
    }

    [Fact]
    public async Task A_lone_token_has_no_log_probability()
    {
        JsonNode answer = await server.Client.AskAsync(Path, new { prompt = new[] { 5 }, max_tokens = 0, echo = true, logprobs = 3 });

        Assert.Equal("[null]", answer["choices"]![0]!["logprobs"]!["token_logprobs"]!.ToJsonString());
        Assert.Equal("[null]", answer["choices"]![0]!["logprobs"]!["top_logprobs"]!.ToJsonString());
    }

    [Fact]
    public async Task What_was_scored_is_reused_for_the_same_salt_alone()
    {
        int[] prompt = [.. Enumerable.Range(300, 200)];
        async Task<int> CachedAsync(string salt) => (int)(await server.Client.AskAsync(
            Path, new { prompt, max_tokens = 1, cache_salt = salt }))["usage"]!["prompt_tokens_details"]!["cached_tokens"]!;
        await server.Client.AskAsync(Path, new { prompt, max_tokens = 0, echo = true, logprobs = 0, cache_salt = "mine" });

        Assert.Equal(0, await CachedAsync("yours"));
        Assert.True(await CachedAsync("mine") > 100);
    }

    private static void AssertTops(JsonNode expected, JsonNode logprobs)
    {
        JsonArray tops = logprobs["top_logprobs"]!.AsArray();
        Assert.Null(tops[0]);
        for (int i = 1; i < tops.Count; i++)
        {
            double best = expected["top"]![i - 1]![1]!.AsArray().Max(one => (double)one!);
            Assert.Equal(best, tops[i]!.AsObject().Max(one => (double)one.Value!), Tolerance);
            // The token itself is always in its list.
            Assert.True(tops[i]!.AsObject().ContainsKey((string)logprobs["tokens"]![i]!));
        }
    }

    // Each token's text stands where its offset says, as far as it has whole characters.
    private static void AssertOffsets(string text, JsonNode logprobs)
    {
        System.Text.Rune[] runes = [.. text.EnumerateRunes()];
        int[] offsets = Offsets(logprobs);
        string[] tokens = Texts(logprobs);
        Assert.Equal(tokens.Length, offsets.Length);
        Assert.Equal(offsets.Order(), offsets);
        for (int i = 0; i < tokens.Length; i++)
        {
            string rest = string.Concat(runes.Skip(offsets[i]).Select(rune => rune.ToString()));
            bool isWhole = !tokens[i].Contains('\uFFFD', StringComparison.Ordinal) && tokens[i] is not ("<s>" or "<unk>");
            if (isWhole && i > 1)
                Assert.StartsWith(tokens[i], rest, StringComparison.Ordinal);
        }
    }

    private static string[] Texts(JsonNode logprobs) => [.. logprobs["tokens"]!.AsArray().Select(one => (string)one!)];

    private static int[] Offsets(JsonNode logprobs) => [.. logprobs["text_offset"]!.AsArray().Select(one => (int)one!)];

    private static string ModelOf(JsonNode expected) => System.IO.Path.GetFileNameWithoutExtension((string)expected["model"]!);

    private static JsonNode[] Golden()
    {
        using JsonDocument golden = RepositoryFiles.Golden("scoring");
        return [.. JsonNode.Parse(golden.RootElement.GetProperty("cases").GetRawText())!.AsArray().Select(one => one!)];
    }
}
