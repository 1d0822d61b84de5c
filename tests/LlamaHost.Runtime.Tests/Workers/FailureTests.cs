using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Configuration;
using LlamaHost.Runtime.Tests.Catalogue;
using LlamaHost.Runtime.Tests.Harness;
using LlamaHost.Runtime.Workers;
using LlamaHost.Tests;
using Microsoft.Extensions.Time.Testing;

namespace LlamaHost.Runtime.Tests.Workers;

/// <summary>Models that can't be loaded: the reason reaches the caller, and repair is noticed.</summary>
public sealed class FailureTests : IDisposable
{
    private readonly ModelFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_missing_file_is_named() =>
        Assert.Contains("gone.gguf", await ReasonAsync(_folder.PathOf("gone.gguf")), StringComparison.Ordinal);

    [Fact]
    public async Task A_truncated_model_is_refused()
    {
        byte[] whole = await File.ReadAllBytesAsync(RepositoryFiles.TinyModel("tiny-llama"), TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(_folder.PathOf("cut.gguf"), whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        Assert.Contains("incomplete", await ReasonAsync(_folder.PathOf("cut.gguf")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unsupported_architecture_is_named()
    {
        byte[] model = await File.ReadAllBytesAsync(RepositoryFiles.TinyModel("tiny-llama"), TestContext.Current.CancellationToken);
        // Key, type (4 bytes) and length (8 bytes) of the value are before it.
        ReadOnlySpan<byte> key = "general.architecture"u8;
        "trout"u8.CopyTo(model.AsSpan(model.AsSpan().IndexOf(key) + key.Length + sizeof(int) + sizeof(ulong)));
        await File.WriteAllBytesAsync(_folder.PathOf("new.gguf"), model, TestContext.Current.CancellationToken);
        Assert.Contains("trout", await ReasonAsync(_folder.PathOf("new.gguf")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_program_that_is_missing_is_named()
    {
        string reason = await ReasonAsync(RepositoryFiles.TinyModel("tiny-llama"), options => options.WorkerPath = "/nowhere/worker");
        Assert.Equal("The worker's program '/nowhere/worker' does not exist.", reason);
    }

    [Fact]
    public async Task A_worker_program_that_can_t_be_run_is_reported()
    {
        string program = _folder.Add("not-executable");
        string reason = await ReasonAsync(RepositoryFiles.TinyModel("tiny-llama"), options => options.WorkerPath = program);
        Assert.StartsWith("The worker can't be started:", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_ends_while_loading_is_reported_and_started_again_with_growing_delays()
    {
        await using var harness = new RuntimeHarness(options => options.WorkerPath = "/bin/false", _time);
        await FailsAsync(harness);
        // The second worker starts at once, the third when the clock says so.
        await harness.UntilAsync(() => harness.Status is { State: ModelState.Failed, Restarts: 1 });
        Assert.Equal("The worker ended with exit code 1 while loading the model.", harness.Status.Reason);
        await AdvanceUntilAsync(harness, RestartDelay.First, () => harness.Status is { State: ModelState.Failed, Restarts: 3 });
        IEnumerable<string> losses = harness.Loggers.Entries.Select(entry => entry.Message)
            .Where(message => message.Contains("Another one starts in", StringComparison.Ordinal));
        Assert.Equal(["0.0 s", "0.5 s", "1.0 s"], losses.Take(3).Select(message => message[^5..]));
    }

    [Fact]
    public async Task A_worker_that_does_not_become_ready_in_time_is_ended()
    {
        // cat reads its start line, and neither listens nor ends.
        await using var harness = new RuntimeHarness(
            options => (options.WorkerPath, options.LoadTimeout) = ("/bin/cat", TimeSpan.FromMinutes(3)), _time);
        Task<ModelDescription> waiting = harness.Runtime.EnsureReadyAsync(harness.Model, harness.Patience);
        await harness.UntilAsync(() => harness.Status.WorkerProcessId is not null);
        int process = harness.Status.WorkerProcessId!.Value;
        _time.Advance(TimeSpan.FromMinutes(3));
        await Assert.ThrowsAsync<ModelUnavailableException>(() => waiting);
        await harness.UntilAsync(() => harness.Status.State == ModelState.Failed);
        Assert.Equal("The model was not ready within 00:03:00.", harness.Status.Reason);
        Assert.False(RuntimeHarness.Runs(process));
    }

    [Fact]
    public async Task A_request_does_not_wait_for_a_model_longer_than_it_may()
    {
        await using var harness = new RuntimeHarness(
            options => (options.WorkerPath, options.LoadWait) = ("/bin/cat", TimeSpan.FromSeconds(20)), _time);
        Task<ModelDescription> waiting = harness.Runtime.EnsureReadyAsync(harness.Model, harness.Patience);
        await harness.UntilAsync(() => harness.Status.WorkerProcessId is not null);
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(20));
        ModelUnavailableException loading = await Assert.ThrowsAsync<ModelUnavailableException>(() => waiting);
        Assert.Equal(("model_loading", false), (loading.Code, loading.IsOverload));
    }

    [Fact]
    public async Task A_model_whose_file_is_repaired_becomes_ready_by_itself()
    {
        string path = _folder.PathOf("late.gguf");
        await using var harness = new RuntimeHarness(time: _time, modelPath: path);
        await FailsAsync(harness);
        File.Copy(RepositoryFiles.TinyModel("tiny-llama"), path);
        await AdvanceUntilAsync(harness, WorkerSupervisor.FileCheckInterval, () => harness.Status.State == ModelState.Ready);
    }

    [Fact]
    public async Task A_failed_load_is_tried_again_by_a_request_but_not_by_every_request()
    {
        string program = _folder.PathOf("worker");
        await using var harness = new RuntimeHarness(options => options.WorkerPath = program, _time);
        await FailsAsync(harness);
        File.CreateSymbolicLink(program, Path.Combine(AppContext.BaseDirectory, "worker", "LlamaHost.Worker"));
        await FailsAsync(harness);
        Assert.Equal(0, harness.Status.Restarts);
        _time.Advance(WorkerSupervisor.RetryOnDemandAfter);
        await harness.Runtime.EnsureReadyAsync(harness.Model, harness.Patience);
        Assert.Equal((ModelState.Ready, 1), (harness.Status.State, harness.Status.Restarts));
    }

    private async Task<string> ReasonAsync(string modelPath, Action<RuntimeOptions>? configure = null)
    {
        await using var harness = new RuntimeHarness(configure, _time, modelPath);
        ModelUnavailableException failed = await FailsAsync(harness);
        string reason = harness.Status.Reason!;
        Assert.Equal(ModelState.Failed, harness.Status.State);
        Assert.Contains(reason, failed.Message, StringComparison.Ordinal);
        // It is not tried over and over.
        Assert.Equal(0, harness.Status.Restarts);
        Assert.Null(harness.Status.WorkerProcessId);
        return reason;
    }

    private static async Task<ModelUnavailableException> FailsAsync(RuntimeHarness harness)
    {
        ModelUnavailableException failed = await Assert.ThrowsAsync<ModelUnavailableException>(
            () => harness.Runtime.EnsureReadyAsync(harness.Model, harness.Patience));
        Assert.Equal(("model_failed", false), (failed.Code, failed.IsOverload));
        return failed;
    }

    private Task AdvanceUntilAsync(RuntimeHarness harness, TimeSpan step, Func<bool> condition) => harness.UntilAsync(() =>
    {
        _time.Advance(step);
        return condition();
    });
}
