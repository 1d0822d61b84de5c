using System.Text.Json;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Text;
using LlamaHost.Tests;

namespace LlamaHost.Engine.Tests.Generation;

/// <summary>The engine's greedy continuations equal those of transformers on the same weights: tokens, text and log-probabilities.</summary>
public sealed class GreedyGoldenTests(TinyModels models)
{
    // In the files, what the engine's settings have. The others come with their features.
    private static readonly string[] Supported =
        ["max_new_tokens", "max_length", "min_new_tokens", "min_length", "eos_token_id", "temperature", "top_k", "top_p", "repetition_penalty"];

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string file in new[] { "greedy", "processors" })
            {
                using JsonDocument golden = RepositoryFiles.Golden(file);
                foreach (JsonElement one in golden.RootElement.GetProperty("cases").EnumerateArray())
                {
                    if (one.TryGetProperty("sequences", out _) && one.GetProperty("generation_config").EnumerateObject().All(given => Supported.Contains(given.Name)))
                        cases.Add(file, one.GetProperty("id").GetString()!);
                }
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Tokens_text_and_log_probabilities_equal_those_of_transformers(string file, string id)
    {
        using JsonDocument golden = RepositoryFiles.Golden(file);
        JsonElement test = golden.RootElement.GetProperty("cases").EnumerateArray().Single(one => one.GetProperty("id").GetString() == id);
        EngineHarness harness = models[Path.GetFileNameWithoutExtension(test.GetProperty("model").GetString()!)];
        int[] prompt = Ints(test.GetProperty("prompt_ids"));
        int[] expected = Ints(test.GetProperty("sequences")[0])[prompt.Length..];
        GenerationRequest request = Request(test, prompt, harness.Engine.Model.ContextLength);

        SequenceResult result = (await harness.GenerateAsync(request, TestContext.Current.CancellationToken))[0];
        SequenceResult unskipped = (await harness.GenerateAsync(request with { Id = id + " special", SkipSpecialTokens = false }, TestContext.Current.CancellationToken))[0];

        Assert.Equal(expected, result.Ids);
        Assert.Equal(test.GetProperty("finish")[0].GetString() == "eos" ? FinishReason.EndOfSequence : FinishReason.Length, result.Finish!.Reason);
        ITokenizer tokenizer = harness.Engine.Tokenizer;
        Assert.Equal(test.GetProperty("texts")[0].GetString(), CertainText(tokenizer, prompt, skipSpecial: true) + result.Text);
        Assert.Equal(test.GetProperty("texts_with_special")[0].GetString(), CertainText(tokenizer, prompt, skipSpecial: false) + unskipped.Text);
        Assert.Equal(test.GetProperty("new_texts")[0].GetString(), WholeText(tokenizer, expected));
        if (test.TryGetProperty("token_logprobs", out JsonElement logProbs))
        {
            foreach ((TokenEvent token, JsonElement value) in result.Tokens.Zip(logProbs[0].EnumerateArray()))
                Assert.Equal(value.GetSingle(), token.LogProb!.Value, 1e-3f);
        }
    }

    [Fact]
    public void Every_case_that_concerns_these_parameters_is_tested() => Assert.True(Cases.Count >= 56, $"{Cases.Count} cases");

    private static GenerationRequest Request(JsonElement test, int[] prompt, int contextLength)
    {
        JsonElement config = test.GetProperty("generation_config");
        int? Number(string name) => config.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : null;
        int maxNew = Number("max_new_tokens") ?? (Number("max_length") is { } length ? length - prompt.Length : Math.Min(20, contextLength - prompt.Length));
        int[]? eos = !config.TryGetProperty("eos_token_id", out JsonElement ids) ? null : ids.ValueKind switch
        {
            JsonValueKind.Null => [],
            JsonValueKind.Array => Ints(ids),
            _ => [ids.GetInt32()],
        };
        return new GenerationRequest
        {
            Id = test.GetProperty("id").GetString()!,
            PromptTokens = prompt,
            LogProbs = 0,
            Sampling = new() { RepetitionPenalty = config.TryGetProperty("repetition_penalty", out JsonElement penalty) ? penalty.GetSingle() : 1 },
            Stop = new()
            {
                MaxNewTokens = maxNew,
                MinNewTokens = Number("min_new_tokens") ?? Math.Max(0, (Number("min_length") ?? 0) - prompt.Length),
                EosTokenIds = eos,
            },
        };
    }

    // What of the prompt's text is certain before anything follows it.
    private static string CertainText(ITokenizer tokenizer, int[] tokens, bool skipSpecial)
    {
        var detokenizer = new StreamingDetokenizer(tokenizer, skipSpecial);
        return string.Concat(tokens.Select(detokenizer.Push));
    }

    private static string WholeText(ITokenizer tokenizer, int[] tokens)
    {
        var detokenizer = new StreamingDetokenizer(tokenizer, skipSpecial: true);
        return string.Concat(tokens.Select(detokenizer.Push)) + detokenizer.Flush();
    }

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(token => token.GetInt32())];
}
