using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;
using LlamaHost.Tests;
using Xunit.Sdk;

namespace LlamaHost.Server.Tests.Generate;

/// <summary>
/// Every call of <c>generate()</c> whose result transformers has recorded gives that result over HTTP as well, or the same refusal.
/// </summary>
public sealed class GoldenTests(TinyServer server) : IClassFixture<TinyServer>
{
    /// <summary>Errors of transformers: the code that stands for each, or null where LlamaHost answers on purpose.</summary>
    private static readonly Dictionary<string, (string Code, string Field)?> _refusals = new()
    {
        ["greedy-014"] = ("max_length_below_prompt", "max_length"),
        ["greedy-015"] = ("max_length_below_prompt", "max_length"),
        ["greedy-025"] = ("max_length_below_prompt", "max_length"),
        ["greedy-026"] = ("max_length_below_prompt", "max_length"),
        ["greedy-039"] = ("max_length_below_prompt", "max_length"),
        ["greedy-040"] = ("max_length_below_prompt", "max_length"),
        ["greedy-051"] = ("out_of_range", "max_new_tokens"),
        // Several sequences mean sampling, unless do_sample is false.
        ["greedy-052"] = null,
        ["greedy-053"] = ("out_of_range", "max_new_tokens"),
        ["greedy-055"] = ("empty_prompt", "prompt_token_ids"),
        ["greedy-061"] = ("context_length_exceeded", "prompt_token_ids"),
        ["processors-067"] = ("out_of_range", "repetition_penalty"),
        ["processors-068"] = ("out_of_range", "bad_words_ids"),
        ["processors-069"] = ("out_of_range", "bad_words_ids"),
        ["beam-076"] = ("conflicting_fields", "num_return_sequences"),
        ["beam-077"] = ("out_of_range", "early_stopping"),
    };

    [Theory]
    [InlineData("greedy", 50, 11)]
    [InlineData("processors", 65, 3)]
    [InlineData("beam", 76, 2)]
    [InlineData("prompt_lookup", 9, 0)]
    [InlineData("t5", 35, 0)]
    public async Task Every_case_of_a_file_gives_what_transformers_gave(string file, int answered, int refused)
    {
        using JsonDocument golden = RepositoryFiles.Golden(file);
        JsonElement[] cases = [.. golden.RootElement.GetProperty("cases").EnumerateArray()];
        Assert.Equal((answered, refused), (cases.Count(one => !IsError(one)), cases.Count(IsError)));

        List<string> failures = [];
        foreach (JsonElement example in cases)
        {
            try
            {
                await (IsError(example) ? AssertRefusedAsync(example) : AssertAnsweredAsync(example, hasTexts: file != "prompt_lookup"));
            }
            catch (XunitException failure)
            {
                failures.Add($"{example.GetProperty("id")}: {failure.Message}");
            }
        }
        Assert.True(failures.Count == 0, $"{failures.Count} of {cases.Length} fail:\n{string.Join('\n', failures)}");
    }

    private async Task AssertAnsweredAsync(JsonElement example, bool hasTexts)
    {
        JsonNode answer = await server.Client.GenerateAsync(Body(example).ToJsonString());

        int[] prompt = Ids(JsonNode.Parse(example.GetProperty("prompt_ids").GetRawText()));
        Assert.Equal(prompt, Ids(answer["prompt_token_ids"]![0]));
        // What an encoder reads is no part of the rows, which begin with the decoder's start token.
        bool isEncoded = (string)answer["model"]! == "tiny-t5";
        int start = isEncoded ? 1 : prompt.Length;
        string promptText = isEncoded ? "" : example.GetProperty("prompt").GetString() ?? "";
        JsonArray sequences = answer["sequences"]!.AsArray();
        Assert.Equal(example.GetProperty("sequences").GetArrayLength(), sequences.Count);
        for (int i = 0; i < sequences.Count; i++)
        {
            int[] row = Ids(JsonNode.Parse(example.GetProperty("sequences")[i].GetRawText()));
            // Rows of transformers are padded, those of LlamaHost are not.
            int length = example.TryGetProperty("new_tokens", out JsonElement newTokens) ? newTokens[i].GetInt32() : row.Length - start;
            Assert.Equal(row.AsSpan(start, length).ToArray(), Ids(sequences[i]!["token_ids"]));
            if (example.TryGetProperty("sequences_scores", out JsonElement scores))
                Assert.Equal(scores[i].GetDouble(), (double)sequences[i]!["score"]!, 1e-3);
            else
                Assert.Null(sequences[i]!["score"]);
            if (hasTexts)
                AssertText(example, i, sequences[i]!, promptText, isPadded: row.Length > start + length);
            // The CPU's GELU of T5 looks up a half-precision table.
            AssertLogprobs(example, i, sequences[i]!, tolerance: isEncoded ? 1e-2 : 1e-3);
        }
    }

    private static void AssertText(JsonElement example, int index, JsonNode sequence, string prompt, bool isPadded)
    {
        string expected = example.GetProperty("texts")[index].GetString()!, actual = (string)sequence["generated_text"]!;
        if (!expected.StartsWith(prompt, StringComparison.Ordinal))
        {
            // The tiny vocabularies lack characters, which the full text of LlamaHost has from the prompt as it was sent.
            Assert.StartsWith(prompt, actual, StringComparison.Ordinal);
            Assert.EndsWith(actual[prompt.Length..], expected, StringComparison.Ordinal);
        }
        else if (isPadded)
        {
            Assert.StartsWith(actual, expected, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(expected, actual);
        }
        string reason = example.GetProperty("finish")[index].GetString() switch
        {
            "eos" => "eos_token",
            "stop_string" => "stop_sequence",
            _ => "length",
        };
        Assert.Equal(reason, (string)sequence["finish_reason"]!);
    }

    private static void AssertLogprobs(JsonElement example, int index, JsonNode sequence, double tolerance)
    {
        if (!example.TryGetProperty("token_logprobs", out JsonElement logprobs))
            return;
        foreach ((JsonElement logprob, JsonNode? token) in logprobs[index].EnumerateArray().Zip(sequence["tokens"]!.AsArray()))
            Assert.Equal(logprob.GetDouble(), (double)token!["logprob"]!, tolerance);
    }

    private async Task AssertRefusedAsync(JsonElement example)
    {
        JsonObject body = Body(example);
        if (_refusals[example.GetProperty("id").GetString()!] is not { } refusal)
        {
            body.Remove("do_sample");
            Assert.True((bool)(await server.Client.GenerateAsync(body.ToJsonString()))["settings"]!["do_sample"]!);
            return;
        }
        using HttpResponseMessage response = await server.Client.PostAsync(body.ToJsonString());
        JsonNode problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(refusal, ((string)problem["code"]!, (string)problem["field"]!));
    }

    // do_sample false is transformers' default; LlamaHost would take a warper's parameter, which has no effect there, for a wish to sample.
    private static JsonObject Body(JsonElement example)
    {
        JsonObject body = JsonObject.Create(example.GetProperty("generation_config").Clone())!;
        if (!body.ContainsKey("do_sample"))
            body["do_sample"] = false;
        // transformers' default of 20 new tokens, where LlamaHost's is 256.
        if (!body.ContainsKey("max_length") && !body.ContainsKey("max_new_tokens") && example.TryGetProperty("new_tokens", out JsonElement newTokens))
            body["max_new_tokens"] = newTokens[0].GetInt32();
        if (example.GetProperty("prompt").GetString() is { } text)
            body["prompt"] = text;
        else
            body["prompt_token_ids"] = JsonNode.Parse(example.GetProperty("prompt_ids").GetRawText());
        body["model"] = Path.GetFileNameWithoutExtension(example.GetProperty("model").GetString());
        body["details"] = true;
        return body;
    }

    private static bool IsError(JsonElement example) => example.TryGetProperty("error", out _);

    private static int[] Ids(JsonNode? ids) => [.. ids!.AsArray().Select(one => (int)one!)];
}
