using System.Text.Json;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Text;
using LlamaHost.Tests;

namespace LlamaHost.Engine.Tests.Generation;

/// <summary>The engine's greedy continuations equal those of transformers on the same weights: tokens, text and log-probabilities.</summary>
public sealed class GreedyGoldenTests(TinyModels models)
{
    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string file in new[] { "greedy", "processors", "prompt_lookup" })
            {
                using JsonDocument golden = RepositoryFiles.Golden(file);
                foreach (JsonElement one in golden.RootElement.GetProperty("cases").EnumerateArray())
                {
                    if (one.TryGetProperty("sequences", out _))
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
        int[] prompt = GoldenRequest.Ints(test.GetProperty("prompt_ids"));
        int[] expected = GoldenRequest.Ints(test.GetProperty("sequences")[0])[prompt.Length..];
        GenerationRequest request = GoldenRequest.Of(test, harness.Engine.Model);

        SequenceResult result = (await harness.GenerateAsync(request, TestContext.Current.CancellationToken))[0];
        SequenceResult unskipped = (await harness.GenerateAsync(request with { Id = id + " special", SkipSpecialTokens = false },
            TestContext.Current.CancellationToken))[0];

        Assert.Equal(expected, result.Ids);
        // The prompt lookup cases are about tokens alone.
        if (file == "prompt_lookup")
            return;
        Assert.Equal(GoldenRequest.Finish(test.GetProperty("finish")[0]), result.Finish!.Reason);
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
    public void Every_case_is_tested() => Assert.Equal(124, Cases.Count);

    // What of the prompt's text is certain before anything follows it.
    private static string CertainText(ITokenizer tokenizer, int[] tokens, bool skipSpecial)
    {
        var detokenizer = new StreamingDetokenizer(tokenizer, skipSpecial);
        return string.Concat(tokens.Select(detokenizer.Push)) + detokenizer.Settle();
    }

    private static string WholeText(ITokenizer tokenizer, int[] tokens)
    {
        var detokenizer = new StreamingDetokenizer(tokenizer, skipSpecial: true);
        return string.Concat(tokens.Select(detokenizer.Push)) + detokenizer.Flush();
    }
}
