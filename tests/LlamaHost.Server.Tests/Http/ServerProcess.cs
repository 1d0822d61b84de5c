using System.Diagnostics;
using System.Text;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.Http;

/// <summary>The server as a process of its own, for tests of how it starts and ends.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();

    private ServerProcess(string workingDirectory, string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])[program, .. arguments])
            start.ArgumentList.Add(argument);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data, _output);
        _process.ErrorDataReceived += (_, line) => Take(line.Data, _errors);
    }

    public GenerateClient Client { get; private set; } = null!;

    public Uri Address { get; private set; } = null!;

    public int Id => _process.Id;

    /// <summary>Its log so far, and then what else it wrote to standard error.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return $"{_output}{_errors}";
        }
    }

    /// <summary>Starts the built server with the tiny models.</summary>
    public static Task<ServerProcess> StartTinyAsync(params string[] arguments) => StartAsync(
        RepositoryFiles.Root, Path.Combine(AppContext.BaseDirectory, "LlamaHost.Server.dll"),
        [
            $"--contentRoot={RepositoryFiles.Root}", "--LlamaHost:ModelsFolder=tests/golden/models", "--LlamaHost:DefaultModel=tiny-llama",
            "--LlamaHost:Threads=1", .. arguments,
        ]);

    /// <summary>Starts a program and waits until it listens.</summary>
    public static async Task<ServerProcess> StartAsync(string workingDirectory, string program, params string[] arguments)
    {
        var server = new ServerProcess(workingDirectory, program, ["--urls=http://127.0.0.1:0", .. arguments]);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        Task exited = server._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (await Task.WhenAny(server._address.Task, exited) == exited)
            throw new InvalidOperationException($"The server ended at once: {server.Output}");
        server.Address = await server._address.Task;
        server.Client = new GenerateClient(server.Address);
        return server;
    }

    /// <summary>Starts the built server with settings with which it ends at once.</summary>
    /// <returns>Its exit code, and all that it wrote.</returns>
    public static async Task<(int ExitCode, string Output)> FailTinyAsync(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "LlamaHost.Server.dll");
        await using var server = new ServerProcess(
            RepositoryFiles.Root, program, ["--urls=http://127.0.0.1:0", "--LlamaHost:ModelsFolder=tests/golden/models", .. arguments]);
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return (await server.WaitForExitAsync(), server.Output);
    }

    /// <summary>Asks it to end, as an operator or a container runtime does.</summary>
    public Task TerminateAsync() => SignalAsync("TERM", Id);

    /// <summary>Ends it without warning.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Its exit code, once it has ended.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2));
        return _process.ExitCode;
    }

    /// <summary>Sends a signal to any process.</summary>
    public static async Task SignalAsync(string signal, int processId)
    {
        using var kill = Process.Start("kill", [$"-{signal}", processId.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Whether a process runs; one that has ended and waits to be reaped does not.</summary>
    public static bool IsRunning(int processId)
    {
        try
        {
            string status = File.ReadAllText($"/proc/{processId}/stat");
            return status[status.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }
        _process.Dispose();
    }

    private void Take(string? line, StringBuilder stream)
    {
        if (line is null)
            return;
        lock (_output)
            stream.AppendLine(line);
        int start = line.IndexOf(Listening, StringComparison.Ordinal);
        if (start >= 0)
            _address.TrySetResult(new Uri(line[(start + Listening.Length)..]));
    }
}
