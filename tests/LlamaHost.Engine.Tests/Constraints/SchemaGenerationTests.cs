using System.Text.Json;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Generation;
using LlamaHost.Grammars;
using LlamaHost.Grammars.Tests.Schemas;
using LlamaHost.Tests;

namespace LlamaHost.Engine.Tests.Constraints;

/// <summary>Real vocabularies under JSON schemas, sampled so hot that without a grammar nothing would be JSON.</summary>
public sealed class SchemaGenerationTests(TinyModels models)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Cases => [.. Rows("tiny-llama", 1), .. Rows("tiny-llama-spm", 4), .. Rows("tiny-t5", 3).Where(IsPlain)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Whatever_is_sampled_under_a_schema_is_valid_unless_it_is_cut(string model, string schema)
    {
        EngineHarness harness = models[model];
        bool encodes = harness.Engine.Model.EncoderLength > 0;
        int[] prompt = harness.Engine.Tokenizer.Tokenize("The answer:", addSpecial: true, parseSpecial: false);
        GenerationRequest request = Request(schema, prompt) with { SequenceCount = 6 };
        if (encodes)
            request = request with { PromptTokens = [harness.Engine.Model.DecoderStartTokenId!.Value], EncoderTokens = prompt };

        AssertValid(schema, await harness.GenerateAsync(request, Cancellation));
    }

    [Fact]
    public async Task Of_the_default_model_too()
    {
        await using var harness = new EngineHarness(TinyModels.Load(RepositoryFiles.DefaultModel, kvCells: 8192, maxSequences: 32, batchTokens: 512));
        int[] prompt = harness.Engine.Tokenizer.Tokenize("The answer as JSON:", addSpecial: true, parseSpecial: false);
        IReadOnlyList<SequenceResult>[] results =
            await Task.WhenAll(SchemaCorpus.All.Select(schema => harness.GenerateAsync(Request(schema, prompt), Cancellation)));

        foreach ((string schema, IReadOnlyList<SequenceResult> result) in SchemaCorpus.All.Zip(results))
            AssertValid(schema, result);
        int whole = results.Count(result => result[0].Finish!.Reason != FinishReason.Length);
        Assert.True(whole > SchemaCorpus.All.Count / 2, $"Only {whole} of {results.Length} came to their end.");
    }

    private static GenerationRequest Request(string schema, int[] prompt) => new()
    {
        Id = Guid.NewGuid().ToString(),
        PromptTokens = prompt,
        Seed = (ulong)schema.Length,
        Sampling = new() { DoSample = true, Temperature = 1.5f, TopK = 0 },
        Grammar = Grammar.FromJsonSchema(JsonDocument.Parse(schema).RootElement).ToGbnf(),
        Stop = new() { MaxNewTokens = 100 },
    };

    private static void AssertValid(string schema, IReadOnlyList<SequenceResult> results)
    {
        var valid = new ValidJson(schema);
        foreach (SequenceResult result in results)
        {
            Assert.Contains(result.Finish!.Reason, (FinishReason[])[FinishReason.EndOfSequence, FinishReason.Stop, FinishReason.Length]);
            if (result.Finish.Reason != FinishReason.Length)
                Assert.True(valid.Accepts(result.Text), result.Text);
        }
    }

    // T5's vocabulary has no braces, so that no object can be written in it.
    private static bool IsPlain(TheoryDataRow<string, string> row) =>
        !row.Data.Item2.Contains("object", StringComparison.Ordinal) && row.Data.Item2.Contains("integer", StringComparison.Ordinal);

    private static IEnumerable<TheoryDataRow<string, string>> Rows(string model, int every) =>
        SchemaCorpus.All.Where((_, index) => index % every == 0).Select(schema => new TheoryDataRow<string, string>(model, schema));
}
