using System.Diagnostics;
using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;
using LlamaHost.Tests;
using LlamaHost.Worker.Tests.Harness;

namespace LlamaHost.Worker.Tests;

public sealed class LifetimeTests
{
    private readonly CancellationToken _patience = Patience.Token;

    private static EngineSettings Tiny => new() { ModelPath = RepositoryFiles.TinyModel("tiny-llama"), Threads = 1 };

    [Fact]
    public async Task The_end_of_standard_input_is_the_worker_s_end()
    {
        await using WorkerProcess worker = await WorkerProcess.StartAsync(Tiny, _patience);
        Assert.True(File.Exists(worker.SocketPath));

        worker.CloseInput();
        await worker.WaitForExitAsync(_patience);

        Assert.Equal(0, worker.ExitCode);
        Assert.False(File.Exists(worker.SocketPath));
    }

    [Fact]
    public async Task A_killed_parent_takes_its_worker_with_it()
    {
        using var folder = new PrivateFolder();
        // bash holds the pipe as a host does, says which process the worker is, and waits.
        ProcessStartInfo bash = WorkerProcess.Describe("/bin/bash");
        bash.ArgumentList.Add("-c");
        bash.ArgumentList.Add("""exec 3> >(exec "$0"); echo $!; echo "$1" >&3; read -r""");
        bash.ArgumentList.Add(WorkerProcess.ProgramPath);
        bash.ArgumentList.Add(WorkerProcess.LineFor(folder.SocketPath, Tiny));
        using Process parent = Process.Start(bash)!;
        using Process worker = Process.GetProcessById(int.Parse((await parent.StandardOutput.ReadLineAsync(_patience))!, null));
        Assert.Contains("\"listening\":true", await parent.StandardOutput.ReadLineAsync(_patience), StringComparison.Ordinal);

        parent.Kill();

        await worker.WaitForExitAsync(_patience);
    }
}
