using System.Text.Json;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Generation;
using LlamaHost.Grammars;
using LlamaHost.Grammars.Tests.Schemas;

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
        var request = new GenerationRequest
        {
            Id = Guid.NewGuid().ToString(),
            PromptTokens = encodes ? [harness.Engine.Model.DecoderStartTokenId!.Value] : prompt,
            EncoderTokens = encodes ? prompt : [],
            SequenceCount = 6,
            Seed = (ulong)schema.Length,
            Sampling = new() { DoSample = true, Temperature = 1.5f, TopK = 0 },
            Grammar = Grammar.FromJsonSchema(JsonDocument.Parse(schema).RootElement).ToGbnf(),
            Stop = new() { MaxNewTokens = 100 },
        };
        IReadOnlyList<SequenceResult> results = await harness.GenerateAsync(request, Cancellation);

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
