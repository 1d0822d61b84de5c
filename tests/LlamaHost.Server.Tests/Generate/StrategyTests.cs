using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Generate;

/// <summary>What golden data doesn't show of the parameters over HTTP.</summary>
public sealed class StrategyTests(TinyServer server) : IClassFixture<TinyServer>
{
    [Fact]
    public async Task Without_an_end_token_sequences_end_by_length_alone()
    {
        const string Prompt = """{"prompt": "Once upon a time", "max_new_tokens": 40, "details": true""";
        int[] ended = NewIds(await server.Client.GenerateAsync(Prompt + "}"));
        JsonNode endless = await server.Client.GenerateAsync(Prompt + ""","eos_token_id": null}""");

        Assert.True(ended.Length < 40);
        Assert.Equal(40, NewIds(endless).Length);
        Assert.Equal(ended, NewIds(endless)[..ended.Length]);
        Assert.Empty(endless["settings"]!["eos_token_id"]!.AsArray());
    }

    [Fact]
    public async Task Guessed_tokens_bring_the_same_answer_and_are_counted()
    {
        // A text that repeats one token.
        const string Prompt = """{"prompt": "one two", "max_new_tokens": 60, "logit_bias": {"63": 100}, "eos_token_id": null, "details": true""";
        JsonNode plain = await server.Client.GenerateAsync(Prompt + "}");
        JsonNode guessed = await server.Client.GenerateAsync(Prompt + ""","prompt_lookup_num_tokens": 4, "max_matching_ngram_size": 3}""");

        Assert.Equal(NewIds(plain), NewIds(guessed));
        Assert.Null(plain["usage"]!["drafted_tokens"]);
        Assert.InRange((int)guessed["usage"]!["accepted_tokens"]!, 1, (int)guessed["usage"]!["drafted_tokens"]!);
    }

    [Theory]
    [InlineData("tiny-llama")]
    [InlineData("tiny-llama-spm")]
    public async Task A_bad_word_occurs_neither_at_the_beginning_of_a_word_nor_within_one(string model)
    {
        async Task<string> WordsAsync(string fields)
        {
            JsonNode answer = await server.Client.GenerateAsync(
                $$"""
                {
                  "prompt": "The quick brown fox", "model": "{{model}}", "max_new_tokens": 40, "eos_token_id": null,
                  "return_full_text": false{{fields}}
                }
                """);
            return (string)answer["sequences"]![0]!["generated_text"]!;
        }
        string free = await WordsAsync("");
        // Words of the free text that are tokens: of the letters that follow each other in it, those that tokenise to one.
        string word = free.Split(' ').First(one => one.Length > 2 && one.All(char.IsAsciiLetter));

        string without = await WordsAsync($", \"bad_words\": [\"{word}\"]");

        Assert.Contains(word, free, StringComparison.Ordinal);
        Assert.DoesNotContain($" {word} ", without, StringComparison.Ordinal);
        Assert.NotEqual(free, without);
    }

    [Fact]
    public async Task An_Alpaca_instruction_is_the_prompt_that_its_models_were_trained_with()
    {
        JsonNode answer = await server.Client.GenerateAsync(
            """{"template": "alpaca", "instruction": "Say it.", "input": "It", "max_new_tokens": 2}""");
        const string Prompt = "Below is an instruction that describes a task, paired with an input that provides further context. "
            + "Write a response that appropriately completes the request.\n\n### Instruction:\nSay it.\n\n### Input:\nIt\n\n### Response:";

        Assert.StartsWith(Prompt, (string)answer["sequences"]![0]!["generated_text"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_ids_are_continued_as_their_text_is()
    {
        JsonNode text = await server.Client.GenerateAsync("""{"prompt": ["Once upon a time", "Hello"], "max_new_tokens": 9, "details": true}""");
        JsonNode ids = await server.Client.GenerateAsync(
            $$"""{"prompt_token_ids": {{text["prompt_token_ids"]!.ToJsonString()}}, "max_new_tokens": 9, "details": true}""");

        Assert.Equal(Texts(text), Texts(ids));
        Assert.Equal(text["prompt_token_ids"]!.ToJsonString(), ids["prompt_token_ids"]!.ToJsonString());
    }

    [Fact]
    public async Task Beams_are_drawn_by_the_seed_and_warpers_say_that_they_are()
    {
        const string Body = """{"prompt": "Hello", "num_beams": 3, "num_return_sequences": 3, "max_new_tokens": 12, "seed": 8, "temperature": 1.5}""";
        JsonNode first = await server.Client.GenerateAsync(Body);
        JsonNode second = await server.Client.GenerateAsync(Body);
        JsonNode best = await server.Client.GenerateAsync("""{"prompt": "Hello", "num_beams": 3, "num_return_sequences": 3, "max_new_tokens": 12}""");

        Assert.True((bool)first["settings"]!["do_sample"]!);
        Assert.False((bool)best["settings"]!["do_sample"]!);
        Assert.Equal(Texts(first), Texts(second));
        Assert.NotEqual(Texts(first), Texts(best));
        double[] scores = [.. best["sequences"]!.AsArray().Select(one => (double)one!["score"]!)];
        Assert.Equal(scores.OrderDescending(), scores);
        Assert.All(first["sequences"]!.AsArray(), one => Assert.Equal(8, (int)one!["seed"]!));
    }

    [Fact]
    public async Task Guidance_moves_away_from_the_negative_prompt()
    {
        const string Prompt = """{"prompt": "The quick brown fox", "max_new_tokens": 20, "eos_token_id": null, "details": true""";
        int[] plain = NewIds(await server.Client.GenerateAsync(Prompt + "}"));
        // Away from the prompt itself, by no distance: nothing changes.
        int[] same = NewIds(await server.Client.GenerateAsync(Prompt + ""","guidance_scale": 3, "negative_prompt": "The quick brown fox"}"""));
        int[] guided = NewIds(await server.Client.GenerateAsync(Prompt + ""","guidance_scale": 1.5}"""));

        Assert.Equal(plain, same);
        // Of features.json, made by transformers.
        Assert.Equal([619, 28, 298, 722, 141, 1007, 249, 690, 994, 558, 635, 195, 87, 620, 969, 411, 51, 13, 727, 271], guided);
    }

    [Fact]
    public async Task A_stop_string_stays_and_a_stop_is_cut()
    {
        JsonNode free = await server.Client.GenerateAsync("""{"prompt": "Hello", "max_new_tokens": 30, "return_full_text": false}""");
        string text = (string)free["sequences"]![0]!["generated_text"]!;
        string stop = text.Substring(6, 2);

        JsonNode kept = await server.Client.GenerateAsync(
            GenerateClient.Body(new { prompt = "Hello", max_new_tokens = 30, return_full_text = false, stop_strings = stop }));
        JsonNode cut = await server.Client.GenerateAsync(
            GenerateClient.Body(new { prompt = "Hello", max_new_tokens = 30, return_full_text = false, stop }));

        Assert.Contains(stop, Texts(kept)[0], StringComparison.Ordinal);
        Assert.Equal(text[..text.IndexOf(stop, StringComparison.Ordinal)], Texts(cut)[0]);
        Assert.Equal(["stop_sequence", "stop_sequence"], new[] { kept, cut }.Select(one => (string)one["sequences"]![0]!["finish_reason"]!));
        Assert.Equal(stop, (string)kept["sequences"]![0]!["stop_sequence"]!);
    }

    [Fact]
    public async Task A_short_time_ends_a_sequence_with_what_it_has()
    {
        JsonNode answer = await server.Client.GenerateAsync(
            """{"prompt": "Hello", "max_new_tokens": 400, "eos_token_id": null, "max_time": 0.001}""");

        // None, if the time was up before it began.
        Assert.InRange((int)answer["sequences"]![0]!["generated_tokens"]!, 0, 399);
        Assert.Equal("length", (string)answer["sequences"]![0]!["finish_reason"]!);
    }

    private static int[] NewIds(JsonNode answer) => [.. answer["sequences"]![0]!["token_ids"]!.AsArray().Select(id => (int)id!)];

    private static string[] Texts(JsonNode answer) => [.. answer["sequences"]!.AsArray().Select(one => (string)one!["generated_text"]!)];
}
