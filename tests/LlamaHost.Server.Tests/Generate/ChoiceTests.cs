using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Generate;

public sealed class ChoiceTests(TinyServer server) : IClassFixture<TinyServer>
{
    private const string Lights = """{"prompt": ["The room is", "1, 2, 3"], "choices": [" dark", " bright", " of"], "return_full_text": false,"""
        + """ "details": true""";

    [Fact]
    public async Task What_was_computed_for_choices_is_reused_for_the_same_salt_alone()
    {
        string prompt = string.Join(' ', Enumerable.Range(0, 60).Select(number => $"salted {number}"));
        async Task<int> CachedAsync(string salt) => (int)(await server.Client.GenerateAsync(GenerateClient.Body(
            new { prompt, max_new_tokens = 1, cache_salt = salt })))["usage"]!["cached_tokens"]!;
        await server.Client.GenerateAsync(GenerateClient.Body(new { prompt, choices = new[] { " a", " b" }, cache_salt = "mine" }));

        Assert.Equal(0, await CachedAsync("yours"));
        Assert.True(await CachedAsync("mine") > 50);
    }

    [Fact]
    public async Task The_answer_is_the_likeliest_choice_with_the_probability_of_each()
    {
        JsonNode answer = await server.Client.GenerateAsync(Lights + "}");

        JsonArray sequences = answer["sequences"]!.AsArray();
        Assert.Equal(2, sequences.Count);
        foreach (JsonNode? sequence in sequences)
        {
            JsonNode[] choices = [.. sequence!["choices"]!.AsArray().Select(one => one!)];
            Assert.Equal([" dark", " bright", " of"], choices.Select(one => (string)one["text"]!));
            Assert.Equal((string)choices.MaxBy(one => (double)one["logprob"]!)!["text"]!, (string)sequence["generated_text"]!);
            Assert.Equal("choice", (string)sequence["finish_reason"]!);
            double[] weights = [.. choices.Select(one => Math.Exp((double)one["logprob"]!))];
            Assert.All(choices.Zip(weights), pair => Assert.Equal(pair.Second / weights.Sum(), (double)pair.First["probability"]!, 1e-9));
            Assert.Equal((int)sequence["generated_tokens"]!, sequence["tokens"]!.AsArray().Count);
        }
        Assert.Equal(["num_return_sequences", "do_sample", "seed", "choices"], answer["settings"]!.AsObject().Select(one => one.Key));
    }

    [Fact]
    public async Task Log_probabilities_are_those_of_the_tokens_as_generated()
    {
        JsonNode free = await server.Client.GenerateAsync(
            """{"prompt": "The quick brown fox", "max_new_tokens": 3, "details": true, "return_full_text": false}""");
        JsonNode sequence = free["sequences"]![0]!;
        double expected = sequence["tokens"]!.AsArray().Sum(token => (double)token!["logprob"]!);
        int[] ids = [.. sequence["token_ids"]!.AsArray().Select(id => (int)id!)];

        JsonNode chosen = await server.Client.GenerateAsync(
            GenerateClient.Body(
                new { prompt = "The quick brown fox", choices = new[] { (string)sequence["generated_text"]!, " zzz" }, details = true }));

        JsonNode choice = chosen["sequences"]![0]!;
        Assert.Equal(ids, choice["token_ids"]!.AsArray().Select(id => (int)id!));
        Assert.Equal(expected, (double)choice["choices"]![0]!["logprob"]!, 1e-3);
        Assert.StartsWith("The quick brown fox", (string)choice["generated_text"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choices_are_drawn_by_their_probabilities_and_by_the_seed()
    {
        JsonNode answer = await server.Client.GenerateAsync("""{"prompt": "The room is", "choices": ["a", "b", "c"], "num_return_sequences": 80,"""
            + """ "seed": 4, "temperature": 3, "return_full_text": false}""");
        JsonNode again = await server.Client.GenerateAsync("""{"prompt": "The room is", "choices": ["a", "b", "c"], "num_return_sequences": 80,"""
            + """ "seed": 4, "temperature": 3, "return_full_text": false}""");

        string[] texts = Texts(answer);
        Assert.Equal(texts, Texts(again));
        Assert.True((bool)answer["settings"]!["do_sample"]!);
        JsonNode[] choices = [.. answer["sequences"]![0]!["choices"]!.AsArray().Select(one => one!)];
        double[] weights = [.. choices.Select(one => Math.Exp((double)one["logprob"]! / 3))];
        foreach ((JsonNode choice, double weight) in choices.Zip(weights))
        {
            double share = weight / weights.Sum();
            double deviation = Math.Sqrt(share * (1 - share) / texts.Length);
            double seen = texts.Count(text => text == (string)choice["text"]!) / (double)texts.Length;
            Assert.InRange(seen, share - (4 * deviation) - 0.01, share + (4 * deviation) + 0.01);
        }
        ulong seed = (ulong)answer["sequences"]![7]!["seed"]!;
        JsonNode alone = await server.Client.GenerateAsync(
            $$"""
            {
              "prompt": "The room is", "choices": ["a", "b", "c"], "do_sample": true, "seed": {{seed}}, "temperature": 3, "return_full_text": false
            }
            """);
        Assert.Equal(texts[7], Assert.Single(Texts(alone)));
    }

    [Fact]
    public async Task A_stream_says_the_same()
    {
        string body = Lights + """, "seed": 3}""";
        JsonNode answer = await server.Client.GenerateAsync(body);
        JsonNode[] lines = await server.Client.LinesAsync(body);

        Assert.Equal("done", (string)lines[^1]["type"]!);
        Assert.Equal(Texts(answer), lines.Where(one => (string)one["type"]! == "sequence").Select(one => (string)one["generated_text"]!));
        Assert.Equal((int)answer["usage"]!["generated_tokens"]!, lines.Count(one => (string)one["type"]! == "token"));
    }

    [Fact]
    public async Task Token_ids_and_encoders_have_choices_as_well()
    {
        JsonNode ids = await server.Client.GenerateAsync("""{"prompt_token_ids": [63, 94, 319, 614], "choices": [" a time", " of"]}""");
        JsonNode encoded = await server.Client.GenerateAsync("""{"prompt": "The room is", "model": "tiny-t5", "choices": ["dark", "bright"]}""");

        Assert.Equal(2, ids["sequences"]![0]!["choices"]!.AsArray().Count);
        Assert.Contains((string)encoded["sequences"]![0]!["generated_text"]!, (string[])["dark", "bright"]);
    }

    private static string[] Texts(JsonNode answer) => [.. answer["sequences"]!.AsArray().Select(one => (string)one!["generated_text"]!)];
}

/// <summary>A model that knows English chooses what makes sense.</summary>
[Collection<DefaultServerCollection>]
public sealed class DefaultModelChoiceTests(DefaultServer server)
{
    [Fact]
    public async Task The_capital_of_France_is_Paris()
    {
        JsonNode answer = await server.Client.GenerateAsync(
            """{"prompt": "The capital of France is", "choices": [" London", " Paris", " Berlin", " a cheese"], "return_full_text": false}""");

        Assert.Equal(" Paris", (string)answer["sequences"]![0]!["generated_text"]!);
        Assert.InRange((double)answer["sequences"]![0]!["choices"]![1]!["probability"]!, 0.5, 1);
    }
}
