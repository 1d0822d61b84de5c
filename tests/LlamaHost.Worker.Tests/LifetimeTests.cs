using System.Diagnostics;
using Grpc.Core;
using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;
using LlamaHost.Tests;
using LlamaHost.Worker.Tests.Harness;

namespace LlamaHost.Worker.Tests;

public sealed class LifetimeTests
{
    private readonly CancellationToken _patience = Patience.Token;

    private const int Killed = 128 + 9;

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
    public async Task It_ends_in_the_middle_of_a_long_computation()
    {
        await using WorkerProcess worker = await WorkerProcess.StartAsync(new EngineSettings { ModelPath = RepositoryFiles.DefaultModel }, _patience);
        using WorkerClient client = worker.Connect();
        await client.ReadyAsync(_patience);
        using SessionClient session = client.OpenSession(_patience);
        await session.SubmitAsync(new GenerationRequest
        {
            Id = "long",
            PromptTokens = [.. Enumerable.Repeat(1000, 4)],
            Stop = new StopSettings { MaxNewTokens = 8000, EosTokenIds = [] },
        });
        await session.NextAsync(_patience);

        worker.CloseInput();
        await worker.WaitForExitAsync(_patience);

        Assert.Equal(0, worker.ExitCode);
    }

    [Fact]
    public async Task It_ends_although_native_code_hangs()
    {
        using var folder = new PrivateFolder();
        // Opening a pipe that nobody writes to never returns, so this model loads for ever.
        string pipe = folder.PathOf("model.gguf");
        using Process mkfifo = Process.Start("mkfifo", [pipe]);
        await mkfifo.WaitForExitAsync(_patience);
        await using WorkerProcess worker = await WorkerProcess.StartAsync(new EngineSettings { ModelPath = pipe }, _patience);
        using WorkerClient client = worker.Connect();
        using AsyncServerStreamingCall<WorkerStatus> watch = client.Calls.Watch(new WatchRequest(), cancellationToken: _patience);
        Assert.True(await watch.ResponseStream.MoveNext(_patience));
        Assert.Equal(WorkerStatus.StateOneofCase.Loading, watch.ResponseStream.Current.StateCase);

        worker.CloseInput();
        await worker.WaitForExitAsync(_patience);

        Assert.Equal(Killed, worker.ExitCode);
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
        while (!(await parent.StandardOutput.ReadLineAsync(_patience))!.Contains("\"listening\":true", StringComparison.Ordinal))
        {
        }

        parent.Kill();

        await worker.WaitForExitAsync(_patience);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task A_signal_meant_for_the_host_does_not_end_the_worker(string signal)
    {
        await using WorkerProcess worker = await WorkerProcess.StartAsync(Tiny, _patience);
        using WorkerClient client = worker.Connect();
        await client.ReadyAsync(_patience);

        using Process kill = Process.Start("kill", ["-" + signal, worker.Id.ToString(null as IFormatProvider)]);
        await kill.WaitForExitAsync(_patience);

        Assert.Equal(0, kill.ExitCode);
        TokenizeReply reply = await client.Calls.TokenizeAsync(new TokenizeRequest { Text = "still here" }, cancellationToken: _patience);
        Assert.NotEmpty(reply.Tokens);
        worker.CloseInput();
        await worker.WaitForExitAsync(_patience);
        Assert.Equal(0, worker.ExitCode);
    }
}
