using System.Text.Json;
using Grpc.Core;
using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;
using LlamaHost.Tests;
using LlamaHost.Worker.Tests.Harness;

namespace LlamaHost.Worker.Tests;

/// <summary>The whole worker, process and native library included, against what transformers computed from the same files.</summary>
public sealed class RealModelTests
{
    private readonly CancellationToken _patience = Patience.Token;

    public static TheoryData<string> TinyModels => ["tiny-llama", "tiny-llama-spm", "tiny-stablelm"];

    // The golden tokenizer file leaves out the third one, whose tokenizer is the first one's.
    public static TheoryData<string> Tokenizers => ["tiny-llama", "tiny-llama-spm"];

    [Theory]
    [MemberData(nameof(TinyModels))]
    public async Task Greedy_continuations_equal_the_golden_ones(string model)
    {
        using JsonDocument golden = RepositoryFiles.Golden("greedy");
        JsonElement[] cases = [.. golden.RootElement.GetProperty("cases").EnumerateArray().Where(one => Concerns(one, model))];
        await using WorkerProcess worker = await WorkerProcess.StartAsync(Exact(model), _patience);
        using WorkerClient client = worker.Connect();
        await client.ReadyAsync(_patience);
        using SessionClient session = client.OpenSession(_patience);

        Assert.NotEmpty(cases);
        foreach (JsonElement one in cases)
        {
            GenerationRequest request = RequestOf(one);
            await session.SubmitAsync(request);
            Continuation continuation = (await session.CollectAsync(request, _patience))[0];

            int[] expected = Integers(one.GetProperty("sequences")[0])[request.PromptTokens.Count..];
            Assert.True(expected.SequenceEqual(continuation.Tokens), $"{request.Id}: {string.Join(' ', continuation.Tokens)}");
            string whole = one.GetProperty("texts")[0].GetString()!;
            Assert.True(whole.EndsWith(continuation.Text, StringComparison.Ordinal), $"{request.Id}: {continuation.Text}");
            FinishReason reason = one.GetProperty("finish")[0].GetString() == "eos" ? FinishReason.EndOfSequence : FinishReason.Length;
            Assert.Equal(reason, continuation.Finish!.Reason);
        }
    }

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public async Task Text_becomes_the_golden_tokens_and_tokens_the_golden_text(string model)
    {
        using JsonDocument golden = RepositoryFiles.Golden("tokenizer");
        await using WorkerProcess worker = await WorkerProcess.StartAsync(Exact(model), _patience);
        using WorkerClient client = worker.Connect();
        await client.ReadyAsync(_patience);

        foreach (JsonElement one in golden.RootElement.GetProperty("encode").GetProperty(model + ".gguf").EnumerateArray())
        {
            string text = one.GetProperty("text").GetString()!;
            TokenizeReply reply = await client.Calls.TokenizeAsync(
                new TokenizeRequest { Text = text, AddSpecial = true, ParseSpecial = true }, cancellationToken: _patience);
            Assert.Equal(Integers(one.GetProperty("ids")), reply.Tokens);
            await DetokenizesAsync(client, one);
        }
        foreach (JsonElement one in golden.RootElement.GetProperty("decode").GetProperty(model + ".gguf").EnumerateArray())
            await DetokenizesAsync(client, one);
    }

    [Fact]
    public async Task An_id_outside_the_vocabulary_is_an_invalid_argument_and_the_worker_lives_on()
    {
        await using WorkerProcess worker = await WorkerProcess.StartAsync(Exact("tiny-llama"), _patience);
        using WorkerClient client = worker.Connect();
        ModelInfo model = await client.ReadyAsync(_patience);

        foreach (int token in new[] { -1, model.VocabularySize, int.MaxValue, int.MinValue })
        {
            RpcException refused = await Assert.ThrowsAsync<RpcException>(() => client.Calls.DetokenizeAsync(
                new DetokenizeRequest { Tokens = { token } }, cancellationToken: _patience).ResponseAsync);
            Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        }
        DetokenizeReply reply = await client.Calls.DetokenizeAsync(
            new DetokenizeRequest { Tokens = { model.VocabularySize - 1 } }, cancellationToken: _patience);
        Assert.Single(reply.Pieces);
    }

    [Fact]
    public async Task Loading_goes_from_little_to_all_and_ends_ready_with_the_model_s_description()
    {
        await using WorkerProcess worker = await WorkerProcess.StartAsync(new EngineSettings { ModelPath = RepositoryFiles.DefaultModel }, _patience);
        using WorkerClient client = worker.Connect();

        IReadOnlyList<WorkerStatus> states = await client.LoadAsync(_patience);

        float[] progress = [.. states.SkipLast(1).Select(state => state.Loading.Progress)];
        Assert.Equal(progress.Order(), progress);
        ModelInfo model = states[^1].Ready;
        Assert.Equal(("llama", 49152, 8192), (model.Architecture, model.VocabularySize, model.TrainedContextLength));
    }

    [Fact]
    public async Task A_missing_file_is_told_as_model_not_found() =>
        await FailsAsync(Path.Combine(RepositoryFiles.Root, "models", "missing.gguf"), "model_not_found");

    [Fact]
    public async Task A_truncated_file_is_told_as_model_invalid()
    {
        using var folder = new PrivateFolder();
        byte[] whole = await File.ReadAllBytesAsync(RepositoryFiles.TinyModel("tiny-llama"), _patience);
        string path = folder.PathOf("truncated.gguf");
        await File.WriteAllBytesAsync(path, whole[..(whole.Length / 2)], _patience);

        await FailsAsync(path, "model_invalid");
    }

    [Fact]
    public async Task A_file_that_is_no_model_is_told_as_model_invalid() =>
        await FailsAsync(Path.Combine(RepositoryFiles.Root, "LICENSE"), "model_invalid");

    private async Task FailsAsync(string path, string code)
    {
        await using WorkerProcess worker = await WorkerProcess.StartAsync(new EngineSettings { ModelPath = path }, _patience);
        using WorkerClient client = worker.Connect();

        WorkerStatus last = (await client.LoadAsync(_patience))[^1];
        worker.CloseInput();
        IReadOnlyList<WorkerLine> lines = await worker.RestAsync(_patience);

        Assert.Equal(code, last.Failed?.Code);
        Assert.Contains(Path.GetFileName(path), last.Failed!.Message, StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Level == "Error" && line.Message.Contains(path, StringComparison.Ordinal));
    }

    private async Task DetokenizesAsync(WorkerClient client, JsonElement one)
    {
        int[] ids = Integers(one.GetProperty("ids"));
        foreach ((bool skip, string name) in new[] { (true, "decoded"), (false, "decoded_with_special") })
        {
            DetokenizeReply reply = await client.Calls.DetokenizeAsync(
                new DetokenizeRequest { Tokens = { ids }, SkipSpecialTokens = skip }, cancellationToken: _patience);
            Assert.Equal(one.GetProperty(name).GetString(), reply.Text);
            Assert.Equal(ids.Length, reply.Pieces.Count);
        }
    }

    // The settings under which llama.cpp computes what transformers does.
    private static EngineSettings Exact(string model) => new()
    {
        ModelPath = RepositoryFiles.TinyModel(model),
        Threads = 1,
        KvCacheTypeK = KvCacheType.F32,
        KvCacheTypeV = KvCacheType.F32,
        FlashAttention = FlashAttention.Off,
    };

    // Cases of nothing but a number of new tokens: what other settings mean is the server's matter.
    private static bool Concerns(JsonElement one, string model) =>
        one.GetProperty("model").GetString() == model + ".gguf"
        && !one.TryGetProperty("error", out _)
        && one.GetProperty("generation_config").EnumerateObject().Select(setting => setting.Name).SequenceEqual(["max_new_tokens"]);

    private static GenerationRequest RequestOf(JsonElement one) => new()
    {
        Id = one.GetProperty("id").GetString()!,
        PromptTokens = Integers(one.GetProperty("prompt_ids")),
        Stop = new StopSettings { MaxNewTokens = one.GetProperty("generation_config").GetProperty("max_new_tokens").GetInt32() },
    };

    private static int[] Integers(JsonElement array) => [.. array.EnumerateArray().Select(one => one.GetInt32())];
}
