using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi;

public sealed class CompletionTests(TinyServer server) : IClassFixture<TinyServer>
{
    private const string Path = "/v1/completions";

    [Fact]
    public async Task The_answer_has_OpenAI_s_shape()
    {
        JsonNode answer = await server.Client.AskAsync(Path, new { prompt = "Once upon a time", max_tokens = 3, temperature = 0 });

        Assert.StartsWith("cmpl-", (string?)answer["id"], StringComparison.Ordinal);
        Assert.StartsWith("fp_", (string?)answer["system_fingerprint"], StringComparison.Ordinal);
        Assert.Equal(("text_completion", "tiny-llama"), ((string?)answer["object"], (string?)answer["model"]));
        Assert.True((long)answer["created"]! > 1_700_000_000);
        JsonObject choice = Assert.Single(answer["choices"]!.AsArray())!.AsObject();
        Assert.Equal(["index", "text", "logprobs", "finish_reason"], choice.Select(one => one.Key));
        Assert.Null(choice["logprobs"]);
        Assert.Equal("length", (string?)choice["finish_reason"]);
        Assert.Equal(3, (int)answer["usage"]!["completion_tokens"]!);
        Assert.Equal((int)answer["usage"]!["prompt_tokens"]! + 3, (int)answer["usage"]!["total_tokens"]!);
        Assert.NotNull(answer["usage"]!["prompt_tokens_details"]!["cached_tokens"]);
    }

    [Fact]
    public async Task The_text_is_that_of_generate_with_the_same_settings()
    {
        JsonNode generated = await server.Client.GenerateAsync(
            """{"prompt": "Once upon a time", "max_new_tokens": 12, "return_full_text": false, "seed": 5, "do_sample": true, "top_k": 0}""");
        JsonNode completed = await server.Client.AskAsync(Path, new { prompt = "Once upon a time", max_tokens = 12, seed = 5 });

        Assert.Equal((string?)generated["sequences"]![0]!["generated_text"], TextOf(completed, 0));
    }

    [Fact]
    public async Task A_prompt_of_token_ids_is_continued_as_its_text()
    {
        JsonNode ids = (await server.Client.AskAsync("/tokenize", new { text = "Hello there" }))["token_ids"]!;
        JsonNode byText = await server.Client.AskAsync(Path, new { prompt = "Hello there", temperature = 0, echo = true });
        JsonNode byIds = await server.Client.AskAsync(Path, new { prompt = ids, temperature = 0, echo = true });
        JsonNode bySeveral = await server.Client.AskAsync(Path, new { prompt = new[] { ids, ids }, temperature = 0, echo = true });

        Assert.StartsWith("Hello there", TextOf(byText, 0), StringComparison.Ordinal);
        Assert.Equal(TextOf(byText, 0), TextOf(byIds, 0));
        Assert.Equal(TextOf(byText, 0), TextOf(bySeveral, 1));
        Assert.Equal(16, (int)byText["usage"]!["completion_tokens"]!);
    }

    [Fact]
    public async Task Choices_are_numbered_by_prompt_and_usage_counts_prompts_once_and_all_sequences()
    {
        JsonNode one = await server.Client.AskAsync(Path, new { prompt = "One", n = 1, max_tokens = 2, seed = 3 });
        JsonNode two = await server.Client.AskAsync(Path, new { prompt = "Another two", n = 1, max_tokens = 2, seed = 3 });
        JsonNode answer = await server.Client.AskAsync(
            Path, new { prompt = new[] { "One", "Another two" }, n = 3, max_tokens = 2, seed = 3, ignore_eos = true });

        Assert.Equal([0, 1, 2, 3, 4, 5], answer["choices"]!.AsArray().Select(choice => (int)choice!["index"]!));
        Assert.Equal(TextOf(one, 0), TextOf(answer, 0));
        Assert.Equal(TextOf(two, 0), TextOf(answer, 3));
        Assert.Equal(
            (int)one["usage"]!["prompt_tokens"]! + (int)two["usage"]!["prompt_tokens"]!, (int)answer["usage"]!["prompt_tokens"]!);
        Assert.Equal(6 * 2, (int)answer["usage"]!["completion_tokens"]!);
    }

    [Fact]
    public async Task Best_of_answers_with_those_of_highest_mean_log_probability_best_first_and_counts_all()
    {
        object Body(int n, int? best_of) =>
            new { prompt = "Once", n, best_of, max_tokens = 4, seed = 11, logprobs = 0, ignore_eos = true };
        JsonNode all = await server.Client.AskAsync(Path, Body(6, null));
        JsonNode best = await server.Client.AskAsync(Path, Body(2, 6));

        string[] expected =
        [
            .. all["choices"]!.AsArray().OrderByDescending(
                choice => choice!["logprobs"]!["token_logprobs"]!.AsArray().Average(one => (double)one!)).Take(2)
                .Select(choice => (string)choice!["text"]!),
        ];
        Assert.Equal(expected, best["choices"]!.AsArray().Select(choice => (string)choice!["text"]!));
        Assert.Equal(24, (int)best["usage"]!["completion_tokens"]!);
        JsonNode without = await server.Client.AskAsync(
            Path, new { prompt = "Once", n = 2, best_of = 6, max_tokens = 4, seed = 11, ignore_eos = true });
        Assert.Equal(expected, without["choices"]!.AsArray().Select(choice => (string)choice!["text"]!));
        Assert.All(without["choices"]!.AsArray(), choice => Assert.Null(choice!["logprobs"]));
    }

    [Fact]
    public async Task A_stop_text_ends_the_choice_before_it()
    {
        object Body(string? stop) => new { prompt = "Once upon", max_tokens = 24, temperature = 0, ignore_eos = true, stop };
        string whole = TextOf(await server.Client.AskAsync(Path, Body(null)), 0);
        string stop = whole.Substring(whole.Length / 2, 2);
        JsonNode answer = await server.Client.AskAsync(Path, Body(stop));

        Assert.Equal(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], TextOf(answer, 0));
        Assert.Equal("stop", (string?)answer["choices"]![0]!["finish_reason"]);
    }

    [Fact]
    public async Task Penalties_count_the_new_tokens_and_not_the_prompt_s()
    {
        JsonNode Token(JsonNode answer, int index) => answer["choices"]![0]!["logprobs"]!["tokens"]![index]!;
        object Body(object prompt, double presence, double frequency) => new
        {
            prompt, max_tokens = 4, temperature = 0, logprobs = 1, ignore_eos = true, presence_penalty = presence, frequency_penalty = frequency,
        };
        JsonNode plain = await server.Client.AskAsync(Path, Body("Once upon", 0, 0));
        // The prompt holds the token that comes first: were it counted, a penalty could only make it less likely.
        int[] prompt = [.. (await server.Client.AskAsync("/tokenize", new { text = "Once upon" }))["token_ids"]!.AsArray().Select(one => (int)one!)];
        JsonNode ofPrompt = await server.Client.AskAsync(Path, new
        {
            prompt, max_tokens = 2, temperature = 0, logprobs = 1, ignore_eos = true, presence_penalty = 2, frequency_penalty = 2,
            logit_bias = new Dictionary<string, double> { [$"{prompt[0]}"] = 100 },
        });
        JsonNode twice = await server.Client.AskAsync(Path, new
        {
            prompt, max_tokens = 100, temperature = 0, logprobs = 0, ignore_eos = true, frequency_penalty = 2,
            logit_bias = new Dictionary<string, double> { [$"{prompt[0]}"] = 100 },
        });

        Assert.Equal((string)Token(plain, 0)!, (string)Token(await server.Client.AskAsync(Path, Body("Once upon", 2, 2)), 0)!);
        Assert.Equal((string)Token(ofPrompt, 0)!, (string)Token(ofPrompt, 1)!);
        // 2 a time from 100: forced for some 50 tokens, and not for 100.
        string[] tokens = [.. twice["choices"]![0]!["logprobs"]!["tokens"]!.AsArray().Select(one => (string)one!)];
        int forced = tokens.TakeWhile(token => token == tokens[0]).Count();
        Assert.InRange(forced, 30, 70);
    }

    [Fact]
    public async Task Text_is_held_to_an_expression()
    {
        JsonNode answer = await server.Client.AskAsync(Path, new { prompt = "A number:", regex = "[0-9]{3}", seed = 1 });

        Assert.Matches("^[0-9]{3}$", TextOf(answer, 0));
        Assert.Equal("stop", (string?)answer["choices"]![0]!["finish_reason"]);
    }

    [Fact]
    public async Task Null_means_left_out_and_unknown_fields_are_ignored()
    {
        JsonNode plain = await server.Client.AskAsync(Path, new { prompt = "Once", max_tokens = 2, seed = 4 });
        JsonNode answer = await server.Client.AskAsync(
            Path,
            """
            {"prompt": "Once", "max_tokens": 2, "seed": 4, "suffix": null, "stop": null, "logit_bias": null, "logprobs": null, "best_of": null,
             "stream": null, "stream_options": null, "temperature": null, "top_p": null, "n": null, "user": null, "model": null, "echo": null,
             "store": true, "metadata": {"a": 1}, "service_tier": "auto", "whatever": [1, 2]}
            """);

        Assert.Equal(TextOf(plain, 0), TextOf(answer, 0));
    }

    [Theory]
    [InlineData("default")]
    [InlineData("local-model")]
    [InlineData("tiny-llama")]
    public async Task A_placeholder_means_the_default_model(string model) =>
        Assert.Equal("tiny-llama", (string?)(await server.Client.AskAsync(Path, new { model, prompt = "Once", max_tokens = 1 }))["model"]);

    [Fact]
    public async Task An_encoder_decoder_model_completes_too()
    {
        JsonNode answer = await server.Client.AskAsync(
            Path, new { model = "tiny-t5", prompt = "Once upon", max_tokens = 4, temperature = 0, logprobs = 1 });

        Assert.NotEmpty(answer["choices"]![0]!["logprobs"]!["tokens"]!.AsArray());
        JsonNode error = await server.Client.OpenAiErrorAsync(400, Path, new { model = "tiny-t5", prompt = "Once", echo = true, logprobs = 1 });
        Assert.Equal(("logprobs", "unsupported_by_model"), ((string?)error["param"], (string?)error["code"]));
    }

    private static string TextOf(JsonNode answer, int choice) => (string)answer["choices"]![choice]!["text"]!;
}
