using System.Text.Json;
using Grpc.Core;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Tests.Fakes;
using LlamaHost.Protocol;
using LlamaHost.Worker.Tests.Harness;

namespace LlamaHost.Worker.Tests;

public sealed class ModelStatusTests
{
    private readonly CancellationToken _patience = Patience.Token;

    [Fact]
    public async Task Loading_shows_each_percent_once_however_often_the_loader_reports()
    {
        await using ScriptedWorker worker = await ScriptedWorker.StartAsync((_, progress, _, _) =>
        {
            for (int i = 0; i <= 1000; i++)
                progress(i / 1000f);
            return new ScriptedExecutor();
        });
        Task<IReadOnlyList<WorkerStatus>> watched = worker.Client.LoadAsync(_patience);
        worker.StartLoading();

        IReadOnlyList<WorkerStatus> states = await watched;

        float[] progress = [.. states.SkipLast(1).Select(state => state.Loading.Progress)];
        Assert.Equal(progress.Order().Distinct(), progress);
        Assert.Equal(WorkerStatus.StateOneofCase.Ready, states[^1].StateCase);
    }

    [Fact]
    public async Task Nothing_is_generated_before_the_model_is_loaded()
    {
        await using ScriptedWorker worker = await ScriptedWorker.StartAsync((_, _, _, _) => new ScriptedExecutor());
        using SessionClient session = worker.Client.OpenSession(_patience);

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => session.NextAsync(_patience));

        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
    }

    [Theory]
    [InlineData("model_unsupported")]
    [InlineData("out_of_memory")]
    [InlineData("native_library")]
    public async Task A_loader_s_failure_is_told_with_its_code_and_reason(string code)
    {
        await using ScriptedWorker worker = await ScriptedWorker.StartAsync((_, _, _, _) => throw new ModelLoadException(code, "Because."));
        worker.StartLoading();

        WorkerStatus last = (await worker.Client.LoadAsync(_patience))[^1];

        Assert.Equal((code, "Because."), (last.Failed.Code, last.Failed.Message));
    }

    [Fact]
    public async Task A_surprise_while_loading_is_told_as_internal()
    {
        await using ScriptedWorker worker = await ScriptedWorker.StartAsync((_, _, _, _) => throw new JsonException("Odd."));
        worker.StartLoading();

        WorkerStatus last = (await worker.Client.LoadAsync(_patience))[^1];

        Assert.Equal(("internal", "Odd."), (last.Failed.Code, last.Failed.Message));
    }
}
