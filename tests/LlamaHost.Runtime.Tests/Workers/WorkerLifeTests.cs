using LlamaHost.Runtime.Generations;
using LlamaHost.Runtime.Tests.Harness;
using LlamaHost.Runtime.Workers;

namespace LlamaHost.Runtime.Tests.Workers;

public sealed class WorkerLifeTests
{
    [Fact]
    public async Task A_model_is_not_loaded_until_it_is_asked_for()
    {
        await using var harness = new RuntimeHarness();
        Assert.Equal((ModelState.NotLoaded, null), (harness.Status.State, harness.Status.WorkerProcessId));
        Assert.Equal(512, (await harness.Runtime.EnsureReadyAsync(harness.Model, harness.Patience)).ContextLength);
        Assert.Equal((ModelState.Ready, 1f, null), (harness.Status.State, harness.Status.Progress, harness.Status.Reason));
        Assert.Equal("llama", harness.Status.Description!.Architecture);
    }

    [Fact]
    public async Task Requests_that_come_together_start_one_worker()
    {
        await using var harness = new RuntimeHarness();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => harness.Runtime.EnsureReadyAsync(harness.Model, harness.Patience)));
        Assert.Equal(0, harness.Status.Restarts);
        Assert.Single(harness.Loggers.Entries, entry => entry.Message.Contains(" started for model ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Disposing_the_runtime_ends_its_worker_and_leaves_nothing()
    {
        var harness = new RuntimeHarness();
        await harness.Runtime.EnsureReadyAsync(harness.Model, harness.Patience);
        Generation open = await harness.StartAsync(harness.LongRequest());
        int process = harness.Status.WorkerProcessId!.Value;
        string directory = Directory.ResolveLinkTarget($"/proc/{process}/cwd", returnFinalTarget: false)!.FullName;
        Assert.Contains("llamahost-", directory, StringComparison.Ordinal);
        Assert.True(Directory.Exists(directory));

        await harness.DisposeAsync();

        Assert.False(RuntimeHarness.Runs(process));
        Assert.False(Directory.Exists(directory));
        await Assert.ThrowsAsync<ModelUnavailableException>(() => ReadSequences.ReadAsync(open, TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => harness.Runtime.EnsureReadyAsync(harness.Model, TestContext.Current.CancellationToken));
        await harness.Runtime.DisposeAsync();
    }

    [Fact]
    public void A_worker_s_directory_is_private_and_gone_after_use()
    {
        var directory = new WorkerDirectory();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(directory.Path).UnixFileMode);
        File.WriteAllText(directory.SocketPath, "");
        directory.Dispose();
        Assert.False(Directory.Exists(directory.Path));
    }

    [Fact]
    public void What_a_killed_host_left_is_removed_and_what_is_in_use_is_not()
    {
        using var used = new WorkerDirectory();
        string left = Directory.CreateTempSubdirectory("llamahost-").FullName;
        string other = Directory.CreateTempSubdirectory("llamahost-").FullName;
        File.WriteAllText(Path.Combine(left, "lock"), "");
        WorkerDirectory.RemoveLeftovers();
        Assert.True(Directory.Exists(used.Path));
        Assert.False(Directory.Exists(left));
        // Without a lock it may be just being made.
        Assert.True(Directory.Exists(other));
        Directory.Delete(other);
    }
}
