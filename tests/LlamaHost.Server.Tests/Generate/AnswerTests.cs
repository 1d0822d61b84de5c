using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.Generate;

public sealed class AnswerTests(TinyServer server) : IClassFixture<TinyServer>
{
    [Fact]
    public async Task Greedy_answers_are_those_of_Hugging_Face()
    {
        using JsonDocument golden = RepositoryFiles.Golden("greedy");
        int compared = 0;
        foreach (JsonElement example in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            string[] fields = [.. example.GetProperty("generation_config").EnumerateObject().Select(one => one.Name)];
            bool hasLength = fields.Any(name => name is "max_new_tokens" or "max_length");
            if (!hasLength || example.GetProperty("prompt").ValueKind != JsonValueKind.String || example.TryGetProperty("error", out _)
                || fields.Any(name => name is not ("max_new_tokens" or "max_length" or "min_new_tokens" or "repetition_penalty" or "do_sample")))
                continue;
            await AssertSameAsync(example);
            compared++;
        }
        Assert.True(compared >= 10, $"{compared} cases compared");
    }

    [Fact]
    public async Task Details_say_everything()
    {
        JsonNode answer = await server.Client.GenerateAsync(
            """{"prompt": "Once upon a time", "max_new_tokens": 40, "details": true, "logprobs": 3}""");

        Assert.Equal([63, 94, 319, 614, 258, 253, 655], answer["prompt_token_ids"]![0]!.AsArray().Select(id => (int)id!));
        JsonNode sequence = Assert.Single(answer["sequences"]!.AsArray())!;
        Assert.Equal("eos_token", (string)sequence["finish_reason"]!);
        JsonArray tokens = sequence["tokens"]!.AsArray();
        Assert.Equal(24, (int)sequence["generated_tokens"]!);
        Assert.Equal(24, tokens.Count);
        Assert.True((bool)tokens[^1]!["special"]!);
        Assert.All(tokens, token => Assert.Equal((float)token!["logprob"]!, (float)token["top_logprobs"]![0]!["logprob"]!, 1e-5));
        Assert.All(tokens, token => Assert.Equal(3, token!["top_logprobs"]!.AsArray().Count));
        Assert.Equal((7, 24), ((int)answer["usage"]!["prompt_tokens"]!, (int)answer["usage"]!["generated_tokens"]!));
    }

    [Fact]
    public async Task A_prompt_is_answered_the_same_alone_and_in_company()
    {
        JsonNode together = await server.Client.GenerateAsync(
            """{"prompt": ["Hello", "1, 2, 3", "Hello"], "num_return_sequences": 3, "max_new_tokens": 20, "seed": 11}""");
        JsonNode alone = await server.Client.GenerateAsync("""{"prompt": "1, 2, 3", "num_return_sequences": 2, "max_new_tokens": 20, "seed": 11}""");

        string[] texts = [.. together["sequences"]!.AsArray().Select(one => (string)one!["generated_text"]!)];
        Assert.Equal(alone["sequences"]!.AsArray().Select(one => (string)one!["generated_text"]!), texts[3..5]);
        Assert.Equal(9, texts.Length);
    }

    [Fact]
    public async Task The_seed_in_the_answer_brings_the_same_answer_again()
    {
        JsonNode first = await server.Client.GenerateAsync("""{"prompt": "Hello", "num_return_sequences": 4, "max_new_tokens": 20}""");
        ulong seed = (ulong)first["settings"]!["seed"]!;

        JsonNode second = await server.Client.GenerateAsync(
            $$"""{"prompt": "Hello", "num_return_sequences": 4, "max_new_tokens": 20, "seed": {{seed}}}""");

        // The seed is a new one in every run: once in some hundred runs a draw falls on a boundary that rounding, another in another batch, moves.
        Assert.InRange(
            first["sequences"]!.AsArray().Zip(second["sequences"]!.AsArray()).Count(pair => JsonNode.DeepEquals(pair.First, pair.Second)), 3, 4);
        Assert.Equal(4, first["sequences"]!.AsArray().Select(one => (string)one!["generated_text"]!).Distinct().Count());
    }

    [Fact]
    public async Task The_seed_of_a_sequence_brings_it_again_alone()
    {
        JsonNode many = await server.Client.GenerateAsync(
            """{"prompt": "Hello", "num_return_sequences": 5, "max_new_tokens": 20, "seed": 3, "top_p": 0.9}""");

        foreach (JsonNode? sequence in many["sequences"]!.AsArray())
        {
            JsonNode alone = await server.Client.GenerateAsync(
                $$"""{"prompt": "Hello", "max_new_tokens": 20, "seed": {{sequence!["seed"]}}, "top_p": 0.9}""");
            Assert.Equal((string)sequence["generated_text"]!, (string)alone["sequences"]![0]!["generated_text"]!);
            Assert.Equal((ulong)sequence["seed"]!, (ulong)alone["settings"]!["seed"]!);
        }
    }

    [Fact]
    public async Task Stop_texts_and_stop_tokens_end_a_sequence()
    {
        JsonNode whole = await server.Client.GenerateAsync(
            """{"prompt": "Once upon a time", "max_new_tokens": 20, "return_full_text": false, "details": true}""");
        string text = (string)whole["sequences"]![0]!["generated_text"]!;
        string stop = text[6..9];
        int token = (int)whole["sequences"]![0]!["token_ids"]![4]!;

        JsonNode byText = (await server.Client.GenerateAsync(GenerateClient.Body(
            new { prompt = "Once upon a time", max_new_tokens = 20, return_full_text = false, stop })))["sequences"]![0]!;
        JsonNode byToken = (await server.Client.GenerateAsync(GenerateClient.Body(
            new { prompt = "Once upon a time", max_new_tokens = 20, return_full_text = false, stop_token_ids = new[] { token } })))["sequences"]![0]!;

        Assert.Equal(("stop_sequence", stop), ((string?)byText["finish_reason"], (string?)byText["stop_sequence"]));
        Assert.Equal(text[..text.IndexOf(stop, StringComparison.Ordinal)], (string)byText["generated_text"]!);
        Assert.Equal("stop_sequence", (string)byToken["finish_reason"]!);
        Assert.True((int)byToken["generated_tokens"]! <= 5);
    }

    [Fact]
    public async Task Warnings_are_in_the_answer()
    {
        JsonNode answer = await server.Client.GenerateAsync("""{"prompt": "Hello", "max_new_tokens": 3, "max_length": 2}""");

        Assert.Contains("took precedence", (string)Assert.Single(answer["warnings"]!.AsArray())!, StringComparison.Ordinal);
        Assert.Equal(3, (int)answer["sequences"]![0]!["generated_tokens"]!);
    }

    [Fact]
    public async Task An_empty_prompt_starts_from_the_begin_token_if_there_is_one()
    {
        JsonNode answer = await server.Client.GenerateAsync("""{"prompt": "", "model": "tiny-llama-spm", "max_new_tokens": 3, "details": true}""");

        Assert.Equal([1], answer["prompt_token_ids"]![0]!.AsArray().Select(id => (int)id!));
        Assert.Equal("tiny-llama-spm", (string)answer["model"]!);
    }

    [Theory]
    [InlineData("a\u0000b")]
    [InlineData("\uFFFF \uFFFD \U0010FFFF")]
    [InlineData("<|im_start|>user\nHi<|im_end|>")]
    [InlineData(" \t\r\n ")]
    [InlineData("👩‍👩‍👧‍👦 e\u0301 ﷽ \u202E")]
    public async Task Any_text_is_continued_and_given_back_unharmed(string prompt)
    {
        JsonNode answer = await server.Client.GenerateAsync(GenerateClient.Body(new { prompt, max_new_tokens = 3 }));

        Assert.StartsWith(prompt, (string)answer["sequences"]![0]!["generated_text"]!, StringComparison.Ordinal);
    }

    private async Task AssertSameAsync(JsonElement example)
    {
        JsonObject body = JsonObject.Create(example.GetProperty("generation_config"))!;
        body["prompt"] = example.GetProperty("prompt").GetString();
        body["model"] = Path.GetFileNameWithoutExtension(example.GetProperty("model").GetString());
        body["details"] = true;
        string id = example.GetProperty("id").GetString()!;

        JsonNode answer = await server.Client.GenerateAsync(body.ToJsonString());

        JsonNode sequence = answer["sequences"]![0]!;
        int[] row = [.. example.GetProperty("sequences")[0].EnumerateArray().Select(one => one.GetInt32())];
        Assert.Equal(row, (int[])[.. Ids(answer["prompt_token_ids"]![0]!), .. Ids(sequence["token_ids"]!)]);
        Assert.Equal((id, example.GetProperty("texts")[0].GetString()), (id, (string?)sequence["generated_text"]));
        string reason = example.GetProperty("finish")[0].GetString()! == "eos" ? "eos_token" : "length";
        Assert.Equal((id, reason), (id, (string?)sequence["finish_reason"]));
    }

    private static IEnumerable<int> Ids(JsonNode ids) => ids.AsArray().Select(one => (int)one!);
}
