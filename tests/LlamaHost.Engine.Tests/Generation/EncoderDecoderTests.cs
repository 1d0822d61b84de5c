using System.Text.Json;
using CsCheck;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Fakes;
using LlamaHost.Tests;

namespace LlamaHost.Engine.Tests.Generation;

/// <summary>Encoder-decoder models: T5 as transformers runs it, and requests that never see each other's text.</summary>
public sealed class EncoderDecoderTests(TinyModels models)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Cases
    {
        get
        {
            using JsonDocument golden = RepositoryFiles.Golden("t5");
            return [.. golden.RootElement.GetProperty("cases").EnumerateArray().Select(one => one.GetProperty("id").GetString()!)];
        }
    }

    [Fact]
    public void Every_case_is_tested() => Assert.Equal(35, Cases.Count);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Tokens_texts_and_scores_equal_those_of_transformers(string id)
    {
        using JsonDocument golden = RepositoryFiles.Golden("t5");
        JsonElement test = golden.RootElement.GetProperty("cases").EnumerateArray().Single(one => one.GetProperty("id").GetString() == id);
        EngineHarness harness = models["tiny-t5"];

        IReadOnlyList<SequenceResult> results = await harness.GenerateAsync(GoldenRequest.Of(test, harness.Engine.Model), Cancellation);

        foreach (SequenceResult result in results)
        {
            int[] expected = GoldenRequest.Ints(test.GetProperty("sequences")[result.Index])
                .AsSpan(1, test.GetProperty("new_tokens")[result.Index].GetInt32()).ToArray();
            Assert.Equal(expected, result.Ids);
            Assert.Equal(GoldenRequest.Finish(test.GetProperty("finish")[result.Index]), result.Finish!.Reason);
            Assert.Equal(test.GetProperty("texts")[result.Index].GetString(), result.Text);
            // llama.cpp's CPU backend looks GELU up in a half-precision table.
            if (test.TryGetProperty("sequences_scores", out JsonElement scores))
                Assert.Equal(scores[result.Index].GetSingle(), result.Finish.Score!.Value, 2e-3f);
        }
    }

    [Fact]
    public async Task Each_request_is_answered_under_its_own_text_in_any_crowd()
    {
        await using var alone = new EngineHarness(new ScriptedExecutor(encoderLength: 20));
        await Gen.Select(Gen.Int[34, 80], Gen.Int[1, 4], Gen.Select(Gen.Int[1, 20], Gen.Int[1, 3]).Array[1, 6])
            .SampleAsync(async (kvCells, slots, shapes) =>
        {
            await using var crowded = new EngineHarness(new ScriptedExecutor(kvCells, slots, slots + 6, contextLength: 30, encoderLength: 20));
            GenerationRequest[] requests =
                [.. shapes.Select((shape, index) => Request(Guid.NewGuid().ToString(), [.. Enumerable.Range(index, shape.Item1)], shape.Item2))];
            IReadOnlyList<SequenceResult>[] together = await Task.WhenAll(requests.Select(request => crowded.GenerateAsync(request, Cancellation)));
            foreach ((GenerationRequest request, IReadOnlyList<SequenceResult> actual) in requests.Zip(together))
            {
                IReadOnlyList<SequenceResult> expected = await alone.GenerateAsync(request, Cancellation);
                Assert.Equal(expected.Select(one => one.Text), actual.Select(one => one.Text));
                Assert.All(actual, one => Assert.Equal(request.EncoderTokens.Count, one.Finish!.Usage.PromptTokens));
            }
        }, iter: 100, threads: 1);
    }

    [Fact]
    public async Task A_request_that_waits_for_the_encoder_can_be_cancelled()
    {
        var executor = new ScriptedExecutor(encoderLength: 20);
        await using var harness = new EngineHarness(executor);
        executor.Inject = _ =>
        {
            if (executor.Decodes == 3)
                harness.Engine.Cancel("waits");
            return null;
        };
        Task<IReadOnlyList<SequenceResult>> first = harness.GenerateAsync(Request("first", [4, 5], 1), Cancellation);
        IReadOnlyList<SequenceResult> waits = await harness.GenerateAsync(Request("waits", [6], 2), Cancellation);
        Assert.All(waits, one => Assert.Equal(FinishReason.Cancelled, one.Finish!.Reason));
        Assert.NotEqual(FinishReason.Cancelled, (await first)[0].Finish!.Reason);
    }

    [Theory]
    [InlineData(20, 0, "invalid_value")]
    [InlineData(20, 21, "context_length_exceeded")]
    [InlineData(0, 3, "invalid_value")]
    public async Task A_text_that_does_not_suit_the_encoder_is_refused(int encoderLength, int tokens, string code)
    {
        await using var harness = new EngineHarness(new ScriptedExecutor(encoderLength: encoderLength));
        InvalidRequestException refusal = Assert.Throws<InvalidRequestException>(
            () => harness.Engine.Submit(Request("x", [.. Enumerable.Range(0, tokens)], 1)));
        Assert.Equal((code, "prompt"), (refusal.Code, refusal.Field));
    }

    private static GenerationRequest Request(string id, int[] text, int beams) => new()
    {
        Id = id,
        PromptTokens = [1],
        EncoderTokens = text,
        SequenceCount = beams,
        Beams = beams > 1 ? new() { Count = beams } : null,
        Stop = new() { MaxNewTokens = 20, EosTokenIds = [] },
    };
}
